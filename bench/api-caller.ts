import { Agent, request } from 'node:https';
import type { Lab } from '../src/lab/lab.ts';

/** Calls of one controller's API over connections that stay, whose answers are received and not read: what is measured is the controller. */
export class ApiCaller {
  readonly #lab: Lab;
  readonly #id: number;
  readonly #agent: Agent;

  constructor(lab: Lab, id: number, connections: number) {
    this.#lab = lab;
    this.#id = id;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections, rejectUnauthorized: false });
  }

  /** One call; returns its milliseconds. */
  call(method: string, path: string, json?: unknown): Promise<number> {
    const { password } = this.#lab.state.controllers.find(({ id }) => id === this.#id)!;
    const body = json === undefined ? undefined : JSON.stringify(json);
    const from = performance.now();
    return new Promise((resolve, reject) => {
      const asked = request({
        ...{ agent: this.#agent, method, host: this.#lab.plan(this.#id).underlay, port: 8000 },
        ...{ path: `/api${path}`, auth: `api:${password}` },
        headers: body
          ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
          : {},
      });
      asked.on('error', reject);
      asked.on('response', (answer) => {
        answer.resume();
        answer.on('error', reject);
        answer.on('end', () => {
          if (answer.statusCode === 200) resolve(performance.now() - from);
          else reject(new Error(`${method} ${path} answers ${answer.statusCode}`));
        });
      });
      asked.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
