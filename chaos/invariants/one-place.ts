import type { Invariant } from '../evidence.ts';

/** An overlay address stands on one controller; only the VIP stands on all. */
export const onePlace: Invariant = {
  name: 'one place for an address',
  check: ({ watch, membership, begin, settled }) => {
    const found = new Set<string>();
    for (const { at, addresses } of watch.snapshots) {
      if (at < begin || at > settled) continue;
      const holders = new Map<string, number[]>();
      for (const [id, own] of addresses) {
        for (const address of own) holders.set(address, [...(holders.get(address) ?? []), id]);
      }
      for (const [address, ids] of holders) {
        if (ids.length > 1 && address !== membership.vip && !address.startsWith('127.'))
          found.add(`${address} is on controllers ${ids.join(' and ')}`);
      }
    }
    return [...found];
  },
};
