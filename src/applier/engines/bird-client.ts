import { connect, type Socket } from 'node:net';

/**
 * A client of BIRD's control socket.
 *
 * Each line is `CODE-text` (more lines follow), `CODE text` (last line) or ` text` (same code as before). Codes 0xxx
 * are success, 8xxx runtime errors, 9xxx syntax errors. After `echo`, log messages arrive between answers, marked by
 * a leading `+`.
 */
export interface BirdReply {
  readonly code: number;
  readonly lines: readonly { code: number; text: string }[];
}

export class BirdClient {
  readonly #path: string;
  readonly #timeoutMs: number;
  readonly #onLog: ((line: string) => void) | undefined;
  #socket: Socket | null = null;
  #opening: Promise<void> | null = null;
  #buffer = '';
  #lines: { code: number; text: string }[] = [];
  #waiting: { resolve: (reply: BirdReply) => void; reject: (error: Error) => void } | null = null;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(path: string, options: { timeoutMs?: number; onLog?: (line: string) => void } = {}) {
    this.#path = path;
    this.#timeoutMs = options.timeoutMs ?? 3000;
    this.#onLog = options.onLog;
  }

  get connected(): boolean {
    return this.#socket !== null && this.#opening === null;
  }

  /**
   * Opens the socket and waits for the greeting; who asks meanwhile shares the wait. `onClose` tells of a BIRD that
   * went away.
   */
  open(onClose?: () => void): Promise<void> {
    this.#opening ??= this.#greet(onClose).finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #greet(onClose?: () => void): Promise<void> {
    const socket = connect(this.#path);
    this.#socket = socket;
    this.#buffer = '';
    this.#lines = [];
    const isCurrent = () => this.#socket === socket;
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => isCurrent() && this.#receive(chunk));
    socket.on('error', (error) => isCurrent() && this.#fail(error));
    socket.on('close', () => {
      if (isCurrent()) {
        this.#fail(new Error('BIRD closed its control socket'));
        this.#socket = null;
      }
      onClose?.();
    });
    await this.#reply();
  }

  /** Sends one command; commands of concurrent callers go out one after the other. Rejects on 8xxx and 9xxx. */
  command(text: string): Promise<BirdReply> {
    const turn = this.#queue.then(async () => {
      // Somebody else may be waiting for a greeting. Nothing may come between this look and the question.
      while (this.#opening !== null) await this.#opening.catch(() => undefined);
      if (!this.#socket) throw new Error('BIRD is not running');
      const answer = this.#reply();
      this.#socket.write(`${text}\n`);
      const reply = await answer;
      if (reply.code >= 8000) throw new Error(reply.lines.map((line) => line.text).join('\n'));
      return reply;
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /** Whoever waits for an answer is told, since none will come. */
  close(): void {
    this.#socket?.destroy();
    this.#socket = null;
    this.#fail(new Error('the connection to BIRD was closed'));
  }

  /** One answer is awaited at a time. Whoever waited before will get none, and must not wait for ever. */
  #reply(): Promise<BirdReply> {
    this.#fail(new Error('BIRD was asked something else meanwhile'));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#fail(new Error(`BIRD did not answer within ${this.#timeoutMs} ms`));
        this.close();
      }, this.#timeoutMs);
      this.#waiting = {
        resolve: (reply) => {
          clearTimeout(timer);
          resolve(reply);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
    });
  }

  #fail(error: Error): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.reject(error);
  }

  #receive(chunk: string): void {
    this.#buffer += chunk;
    let end = this.#buffer.indexOf('\n');
    while (end >= 0) {
      this.#line(this.#buffer.slice(0, end));
      this.#buffer = this.#buffer.slice(end + 1);
      end = this.#buffer.indexOf('\n');
    }
  }

  #line(line: string): void {
    if (line.startsWith('+')) {
      this.#onLog?.(line.slice(1));
      return;
    }
    const coded = /^(\d{4})([- ])(.*)$/.exec(line);
    const code = coded ? Number(coded[1]) : (this.#lines.at(-1)?.code ?? 0);
    this.#lines.push({ code, text: coded ? coded[3]! : line.slice(1) });
    if (coded?.[2] === ' ') {
      const reply = { code, lines: this.#lines };
      this.#lines = [];
      this.#waiting?.resolve(reply);
      this.#waiting = null;
    }
  }
}
