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

/** Changes things through the API while a fault runs, and remembers what was acknowledged. */
export class Writer {
  readonly #lab: Lab;
  /** Variables stay until the lab goes, and are looked for after every later case as well. */
  readonly #acknowledged: Acknowledged[] = [];
  #count = 0;
  #runs = false;
  #turns: Promise<void>[] = [];

  constructor(lab: Lab) {
    this.#lab = lab;
  }

  get acknowledged(): number {
    return this.#count;
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
      const number = serial++;
      try {
        await (turn % ROUTE_EVERY === 1 ? this.#route(by, number) : this.#variable(by, number));
        this.#count++;
      } catch {
        // Refused, or nobody answered: nothing was promised.
      }
      await sleep(PAUSE_MS);
    }
  }

  async #variable(by: number, number: number): Promise<void> {
    const name = `chaos_${number}`;
    await this.#lab.local(by).post('/system/variables', { name, value: String(number), sync_mesh: true });
    this.#acknowledged.push({ kind: 'variable', by, name });
  }

  async #route(by: number, number: number): Promise<void> {
    const cidr = `10.99.${number % 250}.0/24`;
    await this.#lab.local(by).post('/routes', { cidr, description: 'written by chaos', advertise: true });
    this.#acknowledged.push({ kind: 'route', by, name: cidr });
  }

  /** What was acknowledged and is not there: variables on any controller, routes on their own. */
  async missing(): Promise<string[]> {
    const found: string[] = [];
    for (const { id } of this.#lab.plans) {
      const variables = JSON.stringify(await this.#lab.local(id).get('/system/variables'));
      const routes = JSON.stringify(await this.#lab.local(id).get('/routes'));
      for (const { kind, by, name } of this.#acknowledged) {
        if (kind === 'variable' && !variables.includes(`_${name}"`))
          found.push(`variable ${name}, acknowledged by ${by}, is not on ${id}`);
        if (kind === 'route' && by === id && !routes.includes(`"${name}"`))
          found.push(`route ${name} is not on ${id}`);
      }
    }
    return found;
  }

  /** Takes the routes back, those that were stored and never acknowledged included: they are seen in every table. */
  async takeBack(): Promise<void> {
    const kept = this.#acknowledged.filter(({ kind }) => kind === 'variable');
    this.#acknowledged.splice(0, this.#acknowledged.length, ...kept);
    for (const { id } of this.#lab.plans) {
      const client = this.#lab.local(id);
      const routes = await client.get<Record<string, { id: number; cidr: string }>>('/routes');
      for (const route of Object.values(routes))
        if (route.cidr.startsWith('10.99.')) await client.delete(`/routes/${route.id}`);
    }
  }
}

/** Names are never used twice in a run. */
let serial = 0;
