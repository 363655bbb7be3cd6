import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { markLocal } from './authentication.ts';
import { type Handler, HTTP_OPTIONS, harden } from './http-server.ts';

/**
 * The API on a Unix socket for root and the service user, without a password: its file mode is the authentication.
 * It stays up through restart windows, so that the command line always reaches the controller.
 */
export class ControlSocket {
  readonly #path: string;
  readonly #server: Server;

  constructor(path: string, handler: Handler) {
    this.#path = path;
    this.#server = createServer(HTTP_OPTIONS, (request, response) => {
      markLocal(request);
      handler(request, response);
    });
    harden(this.#server);
  }

  async start(): Promise<void> {
    rmSync(this.#path, { force: true });
    // The mode has to be right from the first moment on, so it comes from the mask and not from a later chmod.
    const mask = process.umask(0o177);
    try {
      this.#server.listen(this.#path);
    } finally {
      process.umask(mask);
    }
    if (!this.#server.listening) await once(this.#server, 'listening');
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
