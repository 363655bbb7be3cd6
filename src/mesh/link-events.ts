import type { ObservedLink } from '../desired/observed.ts';
import type { DesiredState } from '../desired/state.ts';
import type { EventLog } from '../observe/event-log.ts';
import { reasonsForDegraded } from '../observe/why.ts';
import type { LinkChange } from './peer-watch.ts';

/** Turns changes that were observed into entries of the event log, in an operator's words. */
export class LinkEvents {
  readonly #log: EventLog;
  readonly #reachable = new Map<number, boolean>();

  constructor(log: EventLog) {
    this.#log = log;
  }

  link(link: ObservedLink, { state, at }: LinkChange, path: readonly number[] | null): void {
    const peer = link.peer;
    switch (state) {
      case 'up':
        this.#log.add('link_up', peer, `Link to controller ${peer} is up.`);
        return;
      case 'degraded':
        this.#log.add(
          'link_degraded',
          peer,
          `Link to controller ${peer} is degraded: ${reasonsForDegraded(link, peer)[0]?.text}`,
        );
        return;
      case 'down':
        this.#log.add(
          'link_down',
          peer,
          `Link to controller ${peer} ${isBack(link) ? 'was' : 'went'} down${words(link, path)}`,
          at,
        );
        return;
    }
  }

  /** Reachability over any path: the difference between "the link is down" and "the controller is gone". */
  members(
    controllers: readonly { id: number }[],
    isReachable: (id: number) => boolean,
    desired: DesiredState | null,
  ): void {
    if (!desired) return;
    for (const { id } of controllers) {
      if (id === desired.self.id) continue;
      const now = isReachable(id);
      const before = this.#reachable.get(id);
      this.#reachable.set(id, now);
      if (before === now || (before === undefined && !now)) continue;
      if (now) this.#log.add('member_reachable', id, `Controller ${id} is reachable.`);
      else this.#log.add('member_unreachable', id, `Controller ${id} is not reachable by any path.`);
    }
  }

  clash(id: number, address: string): void {
    this.#log.add(
      'identity_clash',
      id,
      `Two machines say that they are controller ${id}; noticed on the link to ${address}.`,
    );
  }
}

/** It may be up again by the time that anybody looks. */
function isBack({ bfd, bgp }: ObservedLink): boolean {
  return bfd.state === 'Up' && bgp.state === 'Established';
}

function words(link: ObservedLink, path: readonly number[] | null): string {
  if (isBack(link)) return ' for a moment: BFD heard nothing from the far side.';
  return `: ${cause(link)}. ${detour(path)}`;
}

function cause(link: ObservedLink): string {
  if (!link.present) return 'its tunnel interface is gone';
  if (link.bfd.state !== 'Up') return 'BFD heard nothing from the far side';
  return `the BGP session is ${link.bgp.state}`;
}

function detour(path: readonly number[] | null): string {
  return path === null ? 'There is no other path.' : 'Traffic takes another path.';
}
