import type { DesiredState } from '../../desired/state.ts';
import { CLIENT_INTERFACE, OPENVPN_INTERFACE } from '../../render/engine-paths.ts';
import { command } from '../command.ts';
import type { KernelRoute } from './kernel.ts';

/** Each client is asked once in this time, together with all others. */
const ROUND_MS = 30_000;
/** A client that has just come may not be ready for its first packet: it is asked again soon, so often. */
const FIRST_TRIES = 3;
/** At 10 ms a packet a full round takes ten seconds and 70 kbit/s. */
const PACKET_MS = 10;
const MOST = 1000;
const TIMEOUT_MS = 60_000;

/** A client whose packets leave through an interface of ours: its kind of tunnel is part of who it is. */
export interface AttachedHere {
  readonly address: string;
  readonly device: string;
}

/** Asks all of them from our own address; resolves with what fping prints. */
export type Ping = (addresses: readonly string[], source: string) => Promise<string>;

interface Figure extends AttachedHere {
  rttMs: number | null;
  askedAt: number;
  tries: number;
}

/**
 * Round trips to the clients that this controller holds. One fping asks all of them, seldom, and none is started while
 * nobody is attached. A client whose own firewall swallows echo requests has none, which is no error.
 */
export class ClientRtt {
  readonly #ping: Ping;
  #figures = new Map<string, Figure>();
  #isAsking = false;

  constructor(ping: Ping = fping) {
    this.#ping = ping;
  }

  /** Is called every few seconds with who is attached now. Resolves when nobody is being asked for it any more. */
  async look(attached: readonly AttachedHere[], source: string, now = performance.now()): Promise<void> {
    const before = this.#figures;
    this.#figures = new Map(
      attached.map(({ address, device }) => {
        const figure = before.get(address);
        // Another tunnel is another path, of which the old figure says nothing.
        const isSame = figure?.device === device;
        return [
          address,
          isSame ? figure : { address, device, rttMs: null, askedAt: Number.NEGATIVE_INFINITY, tries: 0 },
        ];
      }),
    );
    if (this.#isAsking) return;
    const due = dueNow([...this.#figures.values()], now);
    if (due.length === 0) return;
    this.#isAsking = true;
    try {
      for (const figure of due) {
        figure.askedAt = now;
        figure.tries++;
      }
      const addresses = due.map(({ address }) => address);
      const answers = parseAnswers(await this.#ping(addresses, source).catch(() => ''));
      for (const figure of due) figure.rttMs = answers.get(figure.address) ?? null;
    } finally {
      this.#isAsking = false;
    }
  }

  of(address: string, device: string): number | null {
    const figure = this.#figures.get(address);
    return figure?.device === device ? figure.rttMs : null;
  }
}

/** When one client's time has come, all whose time comes soon go along, so that rounds stay rounds. */
function dueNow(figures: readonly Figure[], now: number): Figure[] {
  const age = ({ askedAt }: Figure) => now - askedAt;
  const isRound = figures.some((figure) => age(figure) >= ROUND_MS);
  return figures
    .filter(
      (figure) =>
        (figure.rttMs === null && figure.tries < FIRST_TRIES) || (isRound && age(figure) >= ROUND_MS / 2),
    )
    .sort((one, other) => one.askedAt - other.askedAt)
    .slice(0, MOST);
}

/**
 * Those clients whose host route in the mesh table leads into their own tunnel: an HA client has a tunnel to every
 * controller, and only its holder's is the path of its packets.
 */
export function attachedHere(routes: readonly KernelRoute[], { clients }: DesiredState): AttachedHere[] {
  const local = routes.filter(({ dev }) => dev === CLIENT_INTERFACE || dev === OPENVPN_INTERFACE);
  if (local.length === 0) return [];
  const known = new Set(clients?.list.map(({ address }) => address));
  return local.filter(({ dst }) => known.has(dst)).map(({ dst, dev }) => ({ address: dst, device: dev! }));
}

/** `100.127.255.2 is alive (0.52 ms)` of each client that answered. */
export function parseAnswers(text: string): Map<string, number> {
  return new Map(
    [...text.matchAll(/^(\S+) is alive \(([\d.]+) ms\)$/gm)].map((match) => [match[1]!, Number(match[2])]),
  );
}

/** The own overlay address is the source: the VIP's answers may come to another controller. */
function fping(addresses: readonly string[], source: string): Promise<string> {
  const timing = ['-i', String(PACKET_MS), '-t', '1000', '-r', '1', '-B', '1'];
  // Real-time like the probe of links: the figures are about the path, not about who else wants this CPU.
  return command('chrt', ['--rr', '5', 'fping', '-4', '-e', '-S', source, ...timing, ...addresses], {
    timeoutMs: TIMEOUT_MS,
    // fping ends like this when somebody did not answer.
    answers: [1],
  });
}
