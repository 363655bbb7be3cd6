import { type Contender, type Setting, title } from './ground.ts';
import { meshwright } from './meshwright.ts';
import { nebula } from './nebula.ts';
import { openvpn } from './openvpn.ts';
import { ospf } from './ospf.ts';
import { tinc } from './tinc.ts';
import { wireguardMesh } from './wireguard-mesh.ts';

const both: readonly Setting[] = ['defaults', 'best settings'];

/** In the order of the tables. A WireGuard mesh has nothing to set: no routing, no timer of a dead peer. */
export const contenders: readonly Contender[] = [
  meshwright,
  wireguardMesh,
  ...[ospf, tinc, nebula, openvpn].flatMap((make) => both.map(make)),
];

/** `tinc-defaults`, `ospf-over-wireguard-best-settings`; Meshwright has no second setting. */
export const slug = (one: Contender): string =>
  one === meshwright
    ? 'meshwright'
    : title(one)
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, '-');

/** Those whose name and setting contain one of the words, or all. */
export function named(words: readonly string[]): Contender[] {
  return contenders.filter((one) => words.length === 0 || words.some((word) => slug(one).includes(word)));
}
