import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { servicesDirectory } from '../../src/cli/serve/services.ts';
import type {
  DesiredFirewall,
  FirewallCheck,
  FirewallTest,
  RuleCounter,
} from '../../src/desired/firewall.ts';
import type { Observed } from '../../src/desired/observed.ts';
import type { ApplierAnswer, ApplierEvent } from '../../src/desired/protocol.ts';
import type { DesiredState } from '../../src/desired/state.ts';
import type { Lab } from '../../src/lab/lab.ts';
import { initPid } from '../../src/lab/machine.ts';
import { paths } from '../../src/paths.ts';

type Answer = Extract<ApplierAnswer, { ok: true }>;
type Refusal = Extract<ApplierAnswer, { ok: false }>;

/** The applier refused; with its reasons. */
export class Refused extends Error {
  readonly problems: NonNullable<Refusal['problems']>;
  constructor({ error, problems }: Refusal) {
    super(error);
    this.problems = problems ?? [];
  }
}

/**
 * Speaks to one controller's applier over the border socket in place of the controller, which is stopped so that it does
 * not apply documents of its own meanwhile.
 */
export class Border {
  readonly #lab: Lab;
  readonly #id: number;
  #socket: Socket | null = null;
  #seq = 1000;
  readonly #waiting = new Map<number, (answer: ApplierAnswer) => void>();
  readonly events: ApplierEvent[] = [];

  constructor(lab: Lab, id: number) {
    this.#lab = lab;
    this.#id = id;
  }

  get #root(): string {
    return `/proc/${initPid(this.#lab.plan(this.#id))}/root`;
  }

  async holdController(): Promise<void> {
    await this.#lab.exec(this.#id, ['sv', 'down', `${servicesDirectory}/enabled/controller`]);
  }

  /** The document that was applied last. */
  get state(): DesiredState {
    return JSON.parse(readFileSync(`${this.#root}${paths.appliedState}`, 'utf8')) as DesiredState;
  }

  /** With a failure detection that a busy machine does not disturb: what flaps then, flaps for a reason. */
  async apply(firewall: DesiredFirewall): Promise<void> {
    const { state } = this;
    const links = state.links.map((link) => ({ ...link, bfd: { intervalMs: 500, multiplier: 5 } }));
    await this.#send({ op: 'apply', state: { ...state, links, firewall } });
  }

  async check(firewall: DesiredFirewall, tests: FirewallTest[], flows = false): Promise<FirewallCheck> {
    const answer = await this.#send({ op: 'firewall_check', state: this.state, firewall, tests, flows });
    return answer.check!;
  }

  async counters(): Promise<RuleCounter[]> {
    return (await this.#send({ op: 'firewall_counters' })).counters!;
  }

  async observe(): Promise<Observed> {
    return (await this.#send({ op: 'observe' })).observed!;
  }

  async resetTracking(): Promise<void> {
    await this.#send({ op: 'reset_tracking' });
  }

  async watch(): Promise<void> {
    await this.#send({ op: 'watch' });
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = null;
  }

  async #send(request: object): Promise<Answer> {
    const socket = await this.#connected();
    const seq = ++this.#seq;
    const answer = await new Promise<ApplierAnswer>((resolve, reject) => {
      this.#waiting.set(seq, resolve);
      socket.once('close', () => reject(new Error('the applier went away')));
      socket.write(`${JSON.stringify({ seq, ...request })}\n`);
    });
    if (!answer.ok) throw new Refused(answer);
    return answer;
  }

  async #connected(): Promise<Socket> {
    if (this.#socket && !this.#socket.destroyed) return this.#socket;
    const socket = connect(`${this.#root}${paths.applierSocket}`);
    socket.setMaxListeners(0);
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    socket.on('error', () => undefined);
    let rest = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const value = JSON.parse(line) as ApplierAnswer | ApplierEvent;
        if ('event' in value) this.events.push(value);
        else this.#waiting.get(value.seq)?.(value);
      }
    });
    this.#socket = socket;
    return socket;
  }
}
