import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiContext } from '../../../src/api/context.ts';
import { ControlSocket } from '../../../src/api/control-socket.ts';
import { ApiListener } from '../../../src/api/listener.ts';
import type { RouteTable } from '../../../src/api/route-table.ts';
import { selfSignedCertificate } from '../../../src/api/self-signed.ts';
import { buildServer } from '../../../src/api/server.ts';
import { Controller } from '../../../src/controller/controller.ts';
import { API_PASSWORD, Caller } from './caller.ts';

export * from './caller.ts';

/** A real controller inside of the test: its store on disk, its API behind TLS, its control socket. Nothing behind it moves packets. */
export class HostileController extends Caller {
  readonly folder = mkdtempSync(join(tmpdir(), 'meshwright-hostile-'));
  readonly database = join(this.folder, 'controller.db');
  readonly controlSocket = join(this.folder, 'control.sock');
  readonly restarts: string[] = [];
  readonly defects: string[] = [];
  controller!: Controller;
  context!: ApiContext;
  routes!: RouteTable;
  cert!: string;
  #listener!: ApiListener;
  #control!: ControlSocket;
  #close: () => Promise<unknown> = async () => {};

  /** `change` puts parts of a test's own in the place of real ones. */
  async start(change: Partial<ApiContext> | ((real: ApiContext) => Partial<ApiContext>) = {}): Promise<this> {
    this.controller = new Controller(this.database);
    await this.controller.apiPassword.set(API_PASSWORD);
    const real = this.controller.apiContext(null);
    this.context = {
      ...real,
      // A restart of the API would be no answer to what these tests ask.
      restart: (reason) => void this.restarts.push(reason),
      defect: (reference, error, where) =>
        void this.defects.push(`${reference} ${where}: ${String((error as Error).stack ?? error)}`),
      ...(typeof change === 'function' ? change(real) : change),
    };
    const { app, routes } = await buildServer(this.context);
    this.routes = routes;
    const pair = await selfSignedCertificate(['localhost', '127.0.0.1']);
    this.cert = pair.cert;
    const handler = app.routing.bind(app);
    this.#listener = new ApiListener({ handler, ...pair, port: 0, host: '127.0.0.1' });
    this.#control = new ControlSocket(this.controlSocket, handler);
    await this.#listener.start();
    await this.#control.start();
    this.#close = () => app.close();
    return this;
  }

  get port(): number {
    return this.#listener.port;
  }

  async stop(): Promise<void> {
    this.agent.destroy();
    await this.#listener.stop();
    await this.#control.stop();
    await this.#close();
    this.controller.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
