import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { DesiredFirewall, LoggedPacket } from '../../desired/firewall.ts';
import { LOG_GROUP } from '../../render/engine-paths.ts';
import { type NflogPacket, NflogStream } from './nflog-parse.ts';

/** A flood of packets is not a flood of events: what goes beyond is not told. */
const MOST_PER_SECOND = 50;
const RESTART_MS = 2000;

/**
 * Tells which packets meet LOG rules. The kernel hands them to a netlink group, in namespaces as well, where its own
 * log stays silent; tcpdump reads the group, and runs only while there is a LOG rule.
 */
export class PacketLog {
  readonly #onPacket: (packet: LoggedPacket) => void;
  #reader: ChildProcess | null = null;
  #isWanted = false;
  #second = 0;
  #told = 0;

  constructor(onPacket: (packet: LoggedPacket) => void) {
    this.#onPacket = onPacket;
  }

  follow({ rules }: DesiredFirewall): void {
    this.#isWanted = rules.some(({ words }) => words.includes('LOG'));
    if (this.#isWanted && !this.#reader) this.#start();
    if (!this.#isWanted) this.stop();
  }

  stop(): void {
    this.#isWanted = false;
    this.#reader?.kill();
    this.#reader = null;
  }

  #start(): void {
    const options = ['-Z', 'root', '--immediate-mode', '-n', '-U', '-s', '256', '-w', '-'];
    const reader = spawn('tcpdump', [...options, '-i', `nflog:${LOG_GROUP}`], {
      stdio: ['ignore', 'pipe', 'ignore'],
      cwd: '/',
    });
    this.#reader = reader;
    const stream = new NflogStream();
    reader.stdout.on('data', (chunk: Buffer) => {
      try {
        for (const packet of stream.push(chunk)) this.#tell(packet);
      } catch {
        reader.kill();
      }
    });
    reader.on('error', () => undefined);
    reader.on('close', () => {
      if (this.#reader !== reader) return;
      this.#reader = null;
      if (this.#isWanted)
        setTimeout(() => this.#isWanted && !this.#reader && this.#start(), RESTART_MS).unref();
    });
  }

  #tell({ inIndex, outIndex, ...packet }: NflogPacket): void {
    const second = Math.trunc(Date.now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#told = 0;
    }
    if (++this.#told > MOST_PER_SECOND) return;
    this.#onPacket({ ...packet, in: interfaceName(inIndex), out: interfaceName(outIndex) });
  }
}

const names = new Map<number, string>();

function interfaceName(index: number | null): string | null {
  if (index === null || index === 0) return null;
  if (!names.has(index)) readNames();
  return names.get(index) ?? String(index);
}

/** Numbers are never given twice while the machine runs, so what was read stays true. */
function readNames(): void {
  for (const name of readdirSync('/sys/class/net')) {
    try {
      names.set(Number(readFileSync(`/sys/class/net/${name}/ifindex`, 'utf8')), name);
    } catch {
      // Went away while we looked.
    }
  }
}
