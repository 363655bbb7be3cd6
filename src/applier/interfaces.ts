import type { Observed } from '../desired/observed.ts';
import type { IpShow } from './engines/ip-show.ts';

interface KernelAddress {
  readonly family: string;
  readonly local: string;
  readonly prefixlen: number;
  readonly scope: string;
}

interface KernelLink {
  readonly ifname: string;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly addr_info: readonly KernelAddress[];
}

interface DefaultRoute {
  readonly gateway?: string;
  readonly dev?: string;
  readonly prefsrc?: string;
}

type Machine = Pick<Observed, 'interfaces' | 'defaultGateway' | 'primaryAddress'>;

/** The machine's own interfaces and the address that it uses towards the rest of the world. */
export async function observeInterfaces(ip: IpShow): Promise<Machine> {
  const links = await ip.ask<KernelLink>('address show');
  const [gateway] = await ip.ask<DefaultRoute>('route show default table main');
  const global = (link: KernelLink) =>
    link.addr_info
      .filter((entry) => entry.family === 'inet' && entry.scope === 'global')
      .map((entry) => entry.local);
  const own = links.filter((link) => link.ifname !== 'lo' && !/^mw(\d+|ovpn|clients)$/.test(link.ifname));
  const primaryLink =
    own.find((link) => link.ifname === gateway?.dev) ?? own.find((link) => global(link).length > 0);
  return {
    interfaces: links.map((link) => ({
      name: link.ifname,
      up: link.flags.includes('UP'),
      mtu: link.mtu,
      addresses: link.addr_info.map((entry) => ({ address: entry.local, prefixLength: entry.prefixlen })),
    })),
    defaultGateway: gateway?.gateway ?? null,
    primaryAddress: gateway?.prefsrc ?? (primaryLink ? (global(primaryLink)[0] ?? null) : null),
  };
}
