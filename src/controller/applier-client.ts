import { connect, type Socket } from 'node:net';
import { Compile } from 'typebox/compile';
import type {
  DesiredFirewall,
  FirewallCheck,
  FirewallProblem,
  FirewallTest,
  RuleCounter,
} from '../desired/firewall.ts';
import type { Observed } from '../desired/observed.ts';
import { ApplierAnswer, ApplierEvent, type ApplierRequest } from '../desired/protocol.ts';
import type { DesiredState } from '../desired/state.ts';
import { Lines } from '../lines.ts';

const isEvent = Compile(ApplierEvent);
const isAnswer = Compile(ApplierAnswer);

const RECONNECT_MS = 250;
const TIMEOUT_MS = 60_000;
/** How often the applier is asked for a sign of life. It is answered at once, whatever else is being done. */
const BEAT_MS = 1000;

/** Nobody did what was asked: there is no applier, or it gave no answer. */
export class ApplierAway extends Error {}

/** The applier did not take the firewall, and nothing of the document. */
export class FirewallRefusal extends Error {
  readonly problems: readonly FirewallProblem[];

  constructor(message: string, problems: readonly FirewallProblem[]) {
    super(message);
    this.problems = problems;
  }
}

type Unnumbered<T> = T extends unknown ? Omit<T, 'seq'> : never;

interface Waiting {
  readonly resolve: (answer: ApplierAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** The controller's end of the border. Reconnects for ever: either side may be restarted at any time. */
export class ApplierClient {
  readonly #path: string;
  readonly #onEvent: (event: ApplierEvent) => void;
  readonly #onConnect: () => void;
  readonly #waiting = new Map<number, Waiting>();
  #socket: Socket | null = null;
  #connected = false;
  #stopped = false;
  #seq = 0;
  /** By the clock that nobody sets. */
  #heardAt = 0;
  #beat: NodeJS.Timeout | null = null;

  constructor(path: string, handlers: { onEvent: (event: ApplierEvent) => void; onConnect: () => void }) {
    this.#path = path;
    this.#onEvent = handlers.onEvent;
    this.#onConnect = handlers.onConnect;
  }

  get connected(): boolean {
    return this.#connected;
  }

  /** How long nothing came from the applier. A process that hangs keeps its connection, so that one says nothing. */
  get silentMs(): number {
    return performance.now() - this.#heardAt;
  }

  start(): void {
    this.#beat ??= setInterval(() => void this.#send({ op: 'watch' }).catch(() => undefined), BEAT_MS);
    if (this.#stopped) return;
    const socket = connect(this.#path);
    this.#socket = socket;
    const lines = new Lines();
    socket.setEncoding('utf8');
    socket.on('connect', () => {
      this.#connected = true;
      void this.#send({ op: 'watch' }).catch(() => undefined);
      this.#onConnect();
    });
    socket.on('data', (chunk: string) => {
      this.#heardAt = performance.now();
      for (const line of lines.add(chunk)) this.#receive(line);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#connected = false;
      for (const { reject } of this.#waiting.values()) reject(new ApplierAway('the applier went away'));
      this.#waiting.clear();
      if (!this.#stopped) setTimeout(() => this.start(), RECONNECT_MS);
    });
  }

  stop(): void {
    this.#stopped = true;
    if (this.#beat) clearInterval(this.#beat);
    this.#socket?.destroy();
  }

  async apply(state: DesiredState): Promise<void> {
    await this.#send({ op: 'apply', state });
  }

  async observe(): Promise<Observed> {
    const answer = await this.#send({ op: 'observe' });
    if (!answer.ok || !answer.observed) throw new Error('the applier observed nothing');
    return answer.observed;
  }

  /** Tries a firewall out on the machine without touching the one in force. */
  async checkFirewall(
    state: DesiredState,
    firewall: DesiredFirewall,
    tests: readonly FirewallTest[],
    flows: boolean,
  ): Promise<FirewallCheck> {
    const answer = await this.#send({ op: 'firewall_check', state, firewall, tests: [...tests], flows });
    if (!answer.ok || !answer.check) throw new Error('the applier checked nothing');
    return answer.check;
  }

  async firewallCounters(): Promise<RuleCounter[]> {
    const answer = await this.#send({ op: 'firewall_counters' });
    return (answer.ok && answer.counters) || [];
  }

  async resetTracking(): Promise<void> {
    await this.#send({ op: 'reset_tracking' });
  }

  /** Cuts the sessions that these clients have at this controller. */
  async disconnect(addresses: readonly string[]): Promise<void> {
    await this.#send({ op: 'disconnect', addresses: [...addresses] });
  }

  #send(request: Unnumbered<ApplierRequest>): Promise<ApplierAnswer> {
    const socket = this.#socket;
    if (!socket || !this.#connected) return Promise.reject(new ApplierAway('the applier is not running'));
    const seq = ++this.#seq;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(seq);
        reject(new ApplierAway(`the applier did not answer within ${TIMEOUT_MS / 1000} s`));
      }, TIMEOUT_MS);
      this.#waiting.set(seq, {
        resolve: (answer) => {
          clearTimeout(timer);
          if (answer.ok) resolve(answer);
          else if (answer.problems) reject(new FirewallRefusal(answer.error, answer.problems));
          else reject(new Error(answer.error));
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      socket.write(`${JSON.stringify({ seq, ...request })}\n`);
    });
  }

  /** Schemas are compiled: an observation of nine links is read every few seconds. */
  #receive(line: string): void {
    const value = JSON.parse(line) as object;
    if ('event' in value) {
      if (isEvent.Check(value)) this.#onEvent(value);
    } else if (isAnswer.Check(value)) {
      this.#waiting.get(value.seq)?.resolve(value);
      this.#waiting.delete(value.seq);
    }
  }
}
