import { chownSync, lchownSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import type { FirewallCheck, RuleCounter } from '../desired/firewall.ts';
import type { Observed } from '../desired/observed.ts';
import type { ApplierAnswer, ApplierEvent, ApplierRequest } from '../desired/protocol.ts';
import type { DesiredState } from '../desired/state.ts';
import { Lines } from '../lines.ts';
import { parseRequest } from './border.ts';
import { FirewallRefused } from './engines/firewall-refused.ts';

/** Larger than any real document; a sender that goes on without a newline is cut off. */
const MAX_LINE = 8 * 1024 * 1024;

export type CheckRequest = Extract<ApplierRequest, { op: 'firewall_check' }>;

interface Work {
  apply(state: DesiredState): Promise<void>;
  observe(): Promise<Observed>;
  check(request: CheckRequest): Promise<FirewallCheck>;
  counters(): Promise<RuleCounter[]>;
  resetTracking(): Promise<void>;
  disconnect(addresses: readonly string[]): Promise<void>;
}

/** The applier's only way in: a Unix socket that the service user alone can open. */
export class ApplierServer {
  readonly #work: Work;
  readonly #watchers = new Set<Socket>();
  readonly #server: Server;

  constructor(work: Work) {
    this.#work = work;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  async listen(path: string, owner: { uid: number; gid: number }): Promise<void> {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    chownSync(dirname(path), owner.uid, owner.gid);
    rmSync(path, { force: true });
    // The umask closes the moment between bind and chmod.
    const before = process.umask(0o177);
    try {
      await new Promise<void>((resolve, reject) => {
        this.#server.once('error', reject);
        this.#server.listen(path, resolve);
      });
    } finally {
      process.umask(before);
    }
    // The directory is the service user's: following a link that it put here would give it any file.
    lchownSync(path, owner.uid, owner.gid);
  }

  publish(event: ApplierEvent): void {
    for (const socket of this.#watchers) socket.write(`${JSON.stringify(event)}\n`);
  }

  close(): void {
    this.#server.close();
  }

  #serve(socket: Socket): void {
    const lines = new Lines();
    socket.setEncoding('utf8');
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#watchers.delete(socket));
    socket.on('data', (chunk: string) => {
      for (const line of lines.add(chunk)) void this.#handle(socket, line);
      if (lines.pending > MAX_LINE) socket.destroy();
    });
  }

  async #handle(socket: Socket, line: string): Promise<void> {
    let seq = 0;
    const answer = (reply: ApplierAnswer) => socket.writable && socket.write(`${JSON.stringify(reply)}\n`);
    try {
      const request = parseRequest(line);
      seq = request.seq;
      switch (request.op) {
        case 'apply':
          await this.#work.apply(request.state);
          answer({ seq, ok: true });
          return;
        case 'observe':
          answer({ seq, ok: true, observed: await this.#work.observe() });
          return;
        case 'firewall_check':
          answer({ seq, ok: true, check: await this.#work.check(request) });
          return;
        case 'firewall_counters':
          answer({ seq, ok: true, counters: await this.#work.counters() });
          return;
        case 'reset_tracking':
          await this.#work.resetTracking();
          answer({ seq, ok: true });
          return;
        case 'disconnect':
          await this.#work.disconnect(request.addresses);
          answer({ seq, ok: true });
          return;
        case 'watch':
          this.#watchers.add(socket);
          answer({ seq, ok: true });
          return;
      }
    } catch (error) {
      const problems = error instanceof FirewallRefused ? { problems: [...error.problems] } : {};
      answer({ seq: seq || sequenceOf(line), ok: false, error: (error as Error).message, ...problems });
    }
  }
}

function sequenceOf(line: string): number {
  return Number(/"seq":(\d+)/.exec(line)?.[1] ?? 0);
}
