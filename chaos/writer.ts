import type { Lab } from '../src/lab/lab.ts';
import { sleep } from '../src/lab/program.ts';

/** A change that a controller has acknowledged. */
export interface Acknowledged {
  readonly kind: 'variable' | 'route';
  readonly by: number;
  readonly name: string;
}

const PAUSE_MS = 300;
/** Every so many changes one is a route, which goes down to BIRD; the others are variables, which go to every controller. */
const ROUTE_EVERY = 5;

let count = 0;

/** Changes things through the API while a fault runs, and remembers what was acknowledged. */
export class Writer {
  readonly #lab: Lab;
  readonly acknowledged: Acknowledged[] = [];
  #runs = false;
  #turns: Promise<void>[] = [];

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  start(ids: readonly number[]): void {
    this.#runs = true;
    this.#turns = ids.map((id) => this.#write(id));
  }

  async stop(): Promise<void> {
    this.#runs = false;
    await Promise.all(this.#turns);
  }

  async #write(by: number): Promise<void> {
    for (let turn = 0; this.#runs; turn++) {
      const number = count++;
      try {
        if (turn % ROUTE_EVERY === 1) await this.#route(by, number);
        else await this.#variable(by, number);
      } catch {
        // Refused, or nobody answered: nothing was promised.
      }
      await sleep(PAUSE_MS);
    }
  }

  async #variable(by: number, number: number): Promise<void> {
    const name = `chaos_${number}`;
    await this.#lab.local(by).post('/system/variables', { name, value: String(number), sync_mesh: true });
    this.acknowledged.push({ kind: 'variable', by, name });
  }

  async #route(by: number, number: number): Promise<void> {
    const cidr = `10.99.${number % 250}.0/24`;
    await this.#lab.local(by).post('/routes', { cidr, description: 'written by chaos', advertise: true });
    this.acknowledged.push({ kind: 'route', by, name: cidr });
  }

  /** What was acknowledged and is not there: variables on any controller, routes on their own. */
  async missing(): Promise<string[]> {
    const found: string[] = [];
    for (const { id } of this.#lab.plans) {
      const held = JSON.stringify(await this.#lab.local(id).get('/system/variables'));
      const routes = JSON.stringify(await this.#lab.local(id).get('/routes'));
      for (const { kind, by, name } of this.acknowledged) {
        if (kind === 'variable' && !held.includes(`_${name}"`))
          found.push(`variable ${name} of ${by} on ${id}`);
        if (kind === 'route' && by === id && !routes.includes(`"${name}"`))
          found.push(`route ${name} on ${id}`);
      }
    }
    return found;
  }

  /** Takes everything back, what was never acknowledged included: it may have been stored all the same. */
  async clear(): Promise<void> {
    for (const { id } of this.#lab.plans) {
      const client = this.#lab.local(id);
      const routes = await client.get<Record<string, { id: number; cidr: string }>>('/routes');
      for (const route of Object.values(routes))
        if (route.cidr.startsWith('10.99.')) await client.delete(`/routes/${route.id}`);
    }
    const client = this.#lab.local(this.#lab.plans[0]!.id);
    const all = await client.get<Record<string, { variable: string }[]>>('/system/variables');
    for (const { variable } of Object.values(all).flat())
      if (/^custom_chaos_\d+$/.test(variable)) await client.delete(`/system/variables/${variable}`);
  }
}
