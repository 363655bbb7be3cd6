import { EventEmitter, once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Handler, HTTP_OPTIONS, harden } from './http-server.ts';

export interface ListenerOptions {
  readonly handler: Handler;
  readonly cert: string;
  readonly key: string;
  readonly port: number;
  /** Both families by default. */
  readonly host?: string;
  /** How long connections are refused. Clients poll every two seconds and must not step over it. */
  readonly downMs?: number;
  /** From the request to restart until connections are refused: the reply has to get out. */
  readonly graceMs?: number;
}

interface Events {
  /** Open pages should be told; the API is gone after the grace time, for about `seconds`. */
  restarting: [{ reason: string; seconds: number }];
  listening: [];
  /** Work of the restart window failed, or the port could not be taken at the first attempt. */
  trouble: [unknown];
}

/** Time between refusing new connections and cutting those whose answer is still under way. */
const DRAIN_MS = 300;
const RETRY_MS = 200;

/**
 * The API's TLS port. A "reboot" of the API closes it for some seconds, without an end of the process: clients wait
 * for connections to be refused and take anything else for "still up" or for a failure.
 */
export class ApiListener extends EventEmitter<Events> {
  readonly #options: Required<Omit<ListenerOptions, 'host'>> & { host: string | undefined };
  readonly #sockets = new Set<Duplex>();
  #tls: { cert: string; key: string };
  #server: Server | null = null;
  #restart: { done: Promise<void>; whenDown: (() => unknown)[]; isDown: boolean } | null = null;
  #stopped = false;
  /** A port that was chosen freely at first is the same after a restart window. */
  #port: number;

  constructor(options: ListenerOptions) {
    super();
    this.#options = { downMs: 5000, graceMs: 500, ...options, host: options.host };
    this.#port = options.port;
    this.#tls = { cert: options.cert, key: options.key };
  }

  async start(): Promise<void> {
    await this.#listen();
  }

  /** The port that was taken; of use when 0 was asked for. */
  get port(): number {
    const address = this.#server?.address();
    return typeof address === 'object' && address ? address.port : this.#port;
  }

  /**
   * Goes through one restart window; resolves when the API listens again. `whenDown` runs while nobody can ask, so
   * that clients see its effect only after the window. Calls during a window share it.
   */
  restart(reason: string, whenDown?: () => unknown): Promise<void> {
    if (this.#restart) {
      if (whenDown && this.#restart.isDown) return this.#runAll([whenDown]).then(() => this.#restart?.done);
      if (whenDown) this.#restart.whenDown.push(whenDown);
      return this.#restart.done;
    }
    const restart = { done: Promise.resolve(), whenDown: whenDown ? [whenDown] : [], isDown: false };
    this.#restart = restart;
    this.emit('restarting', { reason, seconds: Math.ceil(this.#options.downMs / 1000) });
    restart.done = this.#window(restart).finally(() => {
      this.#restart = null;
    });
    return restart.done;
  }

  /** Takes a new certificate for connections from now on; existing ones are not disturbed. */
  setCertificate(cert: string, key: string): void {
    this.#server?.setSecureContext({ cert, key, minVersion: 'TLSv1.2' });
    this.#tls = { cert, key };
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#close(0);
  }

  async #window(restart: { whenDown: (() => unknown)[]; isDown: boolean }): Promise<void> {
    await sleep(this.#options.graceMs);
    const end = sleep(this.#options.downMs);
    await this.#close(DRAIN_MS);
    restart.isDown = true;
    await this.#runAll(restart.whenDown);
    await end;
    while (!this.#stopped) {
      try {
        await this.#listen();
        return;
      } catch (error) {
        this.emit('trouble', error);
        await sleep(RETRY_MS);
      }
    }
  }

  async #runAll(works: readonly (() => unknown)[]): Promise<void> {
    for (const work of works) {
      try {
        await work();
      } catch (error) {
        this.emit('trouble', error);
      }
    }
  }

  async #listen(): Promise<void> {
    const server = createServer({
      ...HTTP_OPTIONS,
      ...this.#tls,
      minVersion: 'TLSv1.2',
      handshakeTimeout: 10_000,
    });
    harden(server);
    server.on('request', this.#options.handler);
    // Sockets are noted before TLS begins: HTTP itself does not know those that are still shaking hands.
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    await this.#bind(server);
    this.#server = server;
    this.#port = this.port;
    this.emit('listening');
  }

  async #bind(server: Server): Promise<void> {
    const [port, { host }] = [this.#port, this.#options];
    for (const address of host === undefined ? ['::', '0.0.0.0'] : [host]) {
      try {
        server.listen({ port, host: address });
        await once(server, 'listening');
        return;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        // A machine without IPv6 has no "::".
        if (address === '::' && (code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL')) continue;
        throw error;
      }
    }
  }

  async #close(drainMs: number): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    if (this.#sockets.size > 0) await Promise.race([closed, sleep(drainMs)]);
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
