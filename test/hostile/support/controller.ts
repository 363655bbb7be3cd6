import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '../../../src/access/roles.ts';
import type { ApiContext } from '../../../src/api/context.ts';
import { ControlSocket } from '../../../src/api/control-socket.ts';
import { ApiListener } from '../../../src/api/listener.ts';
import type { RouteTable } from '../../../src/api/route-table.ts';
import { selfSignedCertificate } from '../../../src/api/self-signed.ts';
import { buildServer } from '../../../src/api/server.ts';
import { Controller } from '../../../src/controller/controller.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
}

export interface Ask {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export const API_PASSWORD = 'hostile api password';
export const PASSWORD = 'hostile user password';
export const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

/** A real controller: its store on disk, its API behind TLS, its control socket. Nothing behind it moves packets. */
export class HostileController {
  readonly folder = mkdtempSync(join(tmpdir(), 'meshwright-hostile-'));
  readonly database = join(this.folder, 'controller.db');
  readonly controlSocket = join(this.folder, 'control.sock');
  readonly agent = new Agent({ keepAlive: true, maxSockets: 16, rejectUnauthorized: false });
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

  ask({ method = 'GET', path, headers = {}, body }: Ask): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const call = request(
        {
          host: '127.0.0.1',
          port: this.port,
          method,
          path,
          agent: this.agent,
          headers: {
            ...(body !== undefined && {
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(body),
            }),
            ...headers,
          },
          timeout: 30_000,
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', reject);
          answer.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            let json: unknown;
            try {
              json = JSON.parse(text);
            } catch {
              json = undefined;
            }
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, json });
          });
        },
      );
      call.on('timeout', () => call.destroy(new Error(`no answer to ${method} ${path}`)));
      call.on('error', reject);
      call.end(body);
    });
  }

  /** As the API's own user, with a JSON body. */
  api(
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = basic('api', API_PASSWORD),
  ): Promise<Answer> {
    return this.ask({ method, path: `/api${path}`, headers, ...(body && { body: JSON.stringify(body) }) });
  }

  async makeUser(name: string, role: Role): Promise<Record<string, string>> {
    const made = await this.api('POST', '/mesh/users', { name, role, password: PASSWORD });
    if (made.status !== 200) throw new Error(made.text);
    return basic(name, PASSWORD);
  }
}

/** The page of a browser that opened the console. */
export const page = (port: number) => ({
  host: `127.0.0.1:${port}`,
  'sec-fetch-site': 'same-origin',
  'sec-fetch-mode': 'cors',
});

export const cookieOf = ({ headers }: Answer): string => String(headers['set-cookie']).split(';')[0]!;
