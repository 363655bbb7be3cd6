import { networkInterfaces } from 'node:os';
import type { Observed } from '../desired/observed.ts';
import { cidrOf, parseIpv4 } from '../net/ipv4.ts';
import type { LocalNetwork } from '../topology/addressing.ts';

/** Loopback, which carries our own overlay addresses, and the tunnels of links and clients. */
const OURS = /^(lo|mw(\d+|ovpn|clients))$/;

/** The networks that this machine is attached to without us; from the applier, or as this process sees them itself. */
export function localNetworks(observed: Observed | null): LocalNetwork[] {
  const addresses = observed ? reported(observed) : seen();
  return addresses.flatMap(({ name, address, length }) => {
    const ipv4 = parseIpv4(address);
    return ipv4 && !OURS.test(name) ? [{ interface: name, cidr: cidrOf(ipv4, length) }] : [];
  });
}

function reported({ interfaces }: Observed) {
  return interfaces.flatMap(({ name, addresses }) =>
    addresses.map(({ address, prefixLength }) => ({ name, address, length: prefixLength })),
  );
}

function seen() {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? []).map(({ address, cidr }) => ({
      name,
      address,
      length: Number(cidr?.split('/')[1] ?? 32),
    })),
  );
}
