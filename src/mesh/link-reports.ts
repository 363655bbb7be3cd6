import type { HeardReport, LinkReport } from '../observe/far-links.ts';
import type { ControllerId } from '../topology/controller-id.ts';
import type { Mesh } from './mesh.ts';

/** Without a change the others hear from us about this often: on the next observation after it. */
const REPEAT_MS = 7000;
/** Changes within this time are told as one; the first one after a quiet time goes out almost at once. */
const COALESCE_MS = 200;
const AT_ONCE_MS = 20;

type Tell = (member: ControllerId, report: LinkReport) => Promise<unknown>;

/**
 * Tells all members how our links are, at once when one changes, and remembers what they tell: so that each
 * controller can draw the whole mesh and not only its own corner of it. Kept in memory alone.
 */
export class LinkReports {
  readonly heard = new Map<number, HeardReport>();
  readonly #mesh: Mesh;
  readonly #busy = new Set<ControllerId>();
  readonly #again = new Set<ControllerId>();
  #pending: NodeJS.Timeout | null = null;
  #told = '';
  /** By the clock that nobody sets. */
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(mesh: Mesh) {
    this.#mesh = mesh;
  }

  /** Takes in what a member says. Its certificate says who it is, so nobody can speak for somebody else. */
  take(from: number, report: LinkReport): void {
    const before = this.heard.get(from);
    this.heard.set(from, { at: Date.now(), links: report.links });
    if (!before || states(before) !== states(report)) this.#mesh.announce();
  }

  /** Called whenever the picture may have changed. */
  follow(members: () => readonly ControllerId[], tell: Tell): void {
    const isNews = states(this.#own()) !== this.#told;
    if (this.#pending || (!isNews && performance.now() - this.#toldAt < REPEAT_MS)) return;
    this.#pending = setTimeout(
      () => {
        this.#pending = null;
        this.#told = states(this.#own());
        this.#toldAt = performance.now();
        for (const member of members()) this.#send(member, tell);
      },
      Math.max(AT_ONCE_MS, this.#toldAt + COALESCE_MS - performance.now()),
    );
  }

  /** Another topology or another id: what was heard belongs to the past. */
  forget(): void {
    if (this.#pending) clearTimeout(this.#pending);
    this.#pending = null;
    this.#told = '';
    this.heard.clear();
  }

  /** One report under way per member; whatever changed meanwhile goes out in the next one. */
  #send(member: ControllerId, tell: Tell): void {
    if (this.#busy.has(member)) {
      this.#again.add(member);
      return;
    }
    this.#busy.add(member);
    tell(member, this.#own())
      // A member that cannot be told now is told again with the next observation.
      .catch(() => undefined)
      .finally(() => {
        this.#busy.delete(member);
        if (this.#again.delete(member)) this.#send(member, tell);
      });
  }

  #own(): LinkReport {
    const { observed, desired, isStale } = this.#mesh;
    const links = (observed?.links ?? []).filter(({ peer }) =>
      desired?.links.some((link) => link.peer === peer),
    );
    return {
      links: links.map(({ peer, probe }) => {
        const { state, since } = this.#mesh.watchOf(peer);
        const shown = isStale ? 'unknown' : (state ?? 'down');
        return { peer, state: shown, since, rtt_ms: probe.rttMs, loss: probe.loss };
      }),
    };
  }
}

function states({ links }: Pick<HeardReport, 'links'>): string {
  return links.map(({ peer, state }) => `${peer} ${state}`).join();
}
