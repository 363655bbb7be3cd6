import { invalid } from '../errors/catalogue.ts';
import { printable } from '../errors/printable.ts';
import { dialGuard } from '../net/dial-guard.ts';
import { parseHost } from '../net/host.ts';
import { type Cidr, contains, type Ipv4 } from '../net/ipv4.ts';
import type { ControllerId } from '../topology/controller-id.ts';

/** One peer as the operator asked for it. The address is kept as it was written, because clients compare it. */
export interface PeerRow {
  readonly id: ControllerId;
  readonly address: string;
  readonly mtu: number;
}

export const DEFAULT_MTU = 1500;
const MIN_MTU = 500;
const MAX_MTU = 4800;

/** Parses a peer's address. One inside the overlay would send a tunnel through itself. */
export function parsePeerAddress(value: unknown, overlay: Cidr | null, field: string): string {
  if (typeof value !== 'string') throw invalid(field, 'must be an address or a host name', value);
  const host = parseHost(value);
  if (host.kind === 'invalid') throw invalid(field, `"${printable(value)}" ${host.why}`);
  if (host.kind === 'ipv4' && overlay && contains(overlay, host.text as Ipv4)) {
    throw invalid(
      field,
      `${host.text} lies in the overlay subnet ${overlay}; a peer is reached at its underlay address`,
    );
  }
  const refusal = host.kind === 'name' ? null : dialGuard().refusal(host.text);
  if (refusal !== null) throw invalid(field, `${host.text} is ${refusal}`);
  return host.text;
}

/** Parses the underlay packet size of a link: a number, or the number as text. */
export function parseMtu(value: unknown, field: string): number {
  const mtu = typeof value === 'string' && /^\d{1,5}$/.test(value.trim()) ? Number(value) : value;
  if (typeof mtu !== 'number' || !Number.isInteger(mtu) || mtu < MIN_MTU || mtu > MAX_MTU) {
    throw invalid(field, `must be a whole number from ${MIN_MTU} to ${MAX_MTU}`, value);
  }
  return mtu;
}

export function sameRow(a: PeerRow | undefined, b: PeerRow | undefined): boolean {
  return a?.id === b?.id && a?.address === b?.address && a?.mtu === b?.mtu;
}
