import { connect, type Socket } from 'node:net';
import { Lines } from '../../lines.ts';
import { enginePaths } from '../../render/engine-paths.ts';

/** A session as OpenVPN's `status 3` tells it. */
export interface OpenvpnSession {
  /** Name in the directory of clients: address and serial number. */
  readonly name: string;
  readonly endpoint: string;
  readonly address: string;
  readonly rxBytes: number;
  readonly txBytes: number;
  readonly since: number;
  readonly id: number;
}

const TIMEOUT_MS = 2000;
/** For so long one that gave no answer is not asked again: whoever observes the mesh must not wait for it each time. */
const SPARE_MS = 5000;
const isResult = (line: string) => /^(SUCCESS|ERROR)/.test(line);

/**
 * OpenVPN's management socket, which serves one client at a time. Used to observe and to cut, never to let in: a
 * client comes and goes whether we are connected or not.
 */
export class OpenvpnManagement {
  #socket: Socket | null = null;
  #lines = new Lines();
  #take: ((line: string) => boolean) | null = null;
  #fail: ((error: Error) => void) | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  /** When it last left us without an answer, by the clock that nobody sets. */
  #silentAt = Number.NEGATIVE_INFINITY;
  readonly #path: string;
  readonly #timeoutMs: number;

  constructor(path: string = enginePaths.openvpnManagement, timeoutMs = TIMEOUT_MS) {
    this.#path = path;
    this.#timeoutMs = timeoutMs;
  }

  async sessions(): Promise<OpenvpnSession[]> {
    const lines: string[] = [];
    await this.#command('status 3', (line) => {
      lines.push(line);
      return line === 'END';
    });
    return lines.flatMap(parseSession);
  }

  /** Tells a client to connect again, to the next controller of its list or to us. OpenVPN gives the session five seconds more. */
  dismiss({ id }: OpenvpnSession, goTo: 'next' | 'same'): Promise<void> {
    return this.#command(`client-kill ${id} RESTART${goTo === 'next' ? ',[N]' : ''}`, isResult);
  }

  /** Ends a session now, without a word to the client. */
  end(session: OpenvpnSession): Promise<void> {
    return this.#command(commandToEnd(session), isResult);
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = null;
  }

  #command(text: string, isLast: (line: string) => boolean): Promise<void> {
    const turn = this.#queue.then(async () => {
      if (performance.now() - this.#silentAt < SPARE_MS)
        throw new Error('OpenVPN gave no answer a moment ago');
      const socket = this.#socket ?? (await this.#open());
      await new Promise<void>((resolve, reject) => {
        const end = (finish: () => void) => {
          clearTimeout(timer);
          this.#take = null;
          this.#fail = null;
          finish();
        };
        const timer = setTimeout(() => {
          this.close();
          this.#silentAt = performance.now();
          end(() => reject(new Error(`OpenVPN did not answer within ${this.#timeoutMs} ms`)));
        }, this.#timeoutMs);
        this.#fail = (error) => end(() => reject(error));
        this.#take = (line) => {
          const done = isLast(line);
          if (done) end(resolve);
          return done;
        };
        socket.write(`${text}\n`);
      });
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  #open(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.#path);
      socket.setEncoding('utf8');
      socket.once('connect', () => {
        this.#socket = socket;
        this.#lines = new Lines();
        resolve(socket);
      });
      socket.on('data', (chunk: string) => this.#receive(chunk));
      socket.on('error', reject);
      socket.on('close', () => {
        if (this.#socket === socket) this.#socket = null;
        this.#fail?.(new Error('OpenVPN closed its management socket'));
      });
    });
  }

  /** Lines that begin with `>` are told unasked and concern nobody here. */
  #receive(chunk: string): void {
    for (const line of this.#lines.add(chunk))
      if (!line.startsWith('>')) this.#take?.(line.replace(/\r$/, ''));
  }
}

/**
 * IPv6 endpoints can only be named by their certificate. Its name is text of whoever signed it: what could be more than
 * one word of a command is named by its number, which gives the session five seconds more.
 */
export function commandToEnd({ endpoint, name, id }: OpenvpnSession): string {
  if (/^[\d.]+:\d+$/.test(endpoint)) return `kill ${endpoint}`;
  return /^\w+$/.test(name) ? `kill ${name}` : `client-kill ${id}`;
}

/** `CLIENT_LIST`: name, endpoint, address, IPv6 address, received, sent, since as text, since, username, id, ... */
export function parseSession(line: string): OpenvpnSession[] {
  const columns = line.split('\t');
  if (columns[0] !== 'CLIENT_LIST' || columns.length < 11) return [];
  const [, name, endpoint, address, , received, sent, , since, , id] = columns as string[];
  // A session without an address is still being set up.
  if (!address) return [];
  return [
    {
      name: name!,
      endpoint: endpoint!.replace(/^\[?(?:::ffff:)?([^\]]*)\]?(:\d+)$/, '$1$2'),
      address,
      rxBytes: Number(received),
      txBytes: Number(sent),
      since: Number(since) * 1000,
      id: Number(id),
    },
  ];
}
