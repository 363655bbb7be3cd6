import { type Static, Type } from 'typebox';
import type { AttachedClient, Clientpacks } from '../../clientpack/clientpacks.ts';
import type { Pack } from '../../clientpack/pack.ts';
import { packName } from '../../clientpack/pack-name.ts';
import type { Ipv4 } from '../../net/ipv4.ts';

/** A clientpack as published clients know it. Strict decoders refuse any other key. */
export const WirePack = Type.Object({
  name: Type.String(),
  overlay_ipaddress: Type.String(),
  linux_onefile: Type.String(),
  conf_sha1: Type.String({ description: 'Empty until the pack has credentials and a controller to name' }),
  windows_onefile: Type.String(),
  ovpn_sha1: Type.String(),
  tarball_file: Type.String(),
  tarball_sha1: Type.String(),
  zip_file: Type.String(),
  zip_sha1: Type.String(),
  sequential_id: Type.Integer(),
  enabled: Type.Boolean(),
  checked_out: Type.Boolean(),
  status: Type.Union([Type.Literal('connected'), Type.Literal('not_connected')]),
  connected: Type.Boolean(),
  last_connect: Type.String(),
  last_disconnect: Type.String(),
  compression: Type.String(),
  manager_id: Type.String({ description: 'The controller that holds the client; text, empty for none' }),
  ipaddress: Type.String({ description: 'Where the client comes from; empty while it is not connected' }),
  tags: Type.Record(Type.String(), Type.String()),
});
export type WirePack = Static<typeof WirePack>;

export const WireClient = Type.Object({
  managerid: Type.Integer(),
  overlay_ipaddress: Type.String(),
  ipaddress: Type.String(),
  tags: Type.Record(Type.String(), Type.String()),
});
export type WireClient = Static<typeof WireClient>;

export function wirePack(packs: Clientpacks, pack: Pack, client: AttachedClient | null): WirePack {
  const name = packName(pack.address);
  const digests = packs.files.digests(pack);
  const { connectedAt, disconnectedAt } = packs.history.last(pack.address);
  return {
    name,
    overlay_ipaddress: pack.address,
    linux_onefile: `${name}.conf`,
    conf_sha1: digests?.conf ?? '',
    windows_onefile: `${name}.ovpn`,
    ovpn_sha1: digests?.conf ?? '',
    tarball_file: `${name}.tar.gz`,
    tarball_sha1: digests?.tarball ?? '',
    zip_file: `${name}.zip`,
    zip_sha1: digests?.zip ?? '',
    sequential_id: pack.number,
    enabled: pack.enabled,
    checked_out: pack.checkout !== null,
    status: client ? 'connected' : 'not_connected',
    connected: client !== null,
    last_connect: timeText(connectedAt),
    last_disconnect: timeText(disconnectedAt),
    compression: pack.compression,
    manager_id: client ? String(client.holder) : '',
    ipaddress: client ? withoutPort(client.details?.underlay ?? null) : '',
    tags: pack.tags,
  };
}

/** One pack with the truth about its client. */
export async function describePack(packs: Clientpacks, pack: Pack): Promise<WirePack> {
  return wirePack(packs, pack, await packs.directory.find(pack.address));
}

/** All packs by overlay address, in the order of the addresses. */
export async function describePacks(packs: Clientpacks): Promise<Record<string, WirePack>> {
  const clients = new Map((await packs.directory.all()).map((client) => [client.address, client]));
  return Object.fromEntries(
    packs.book
      .packs()
      .map((pack) => [pack.address, wirePack(packs, pack, clients.get(pack.address) ?? null)]),
  );
}

/** Attached clients by overlay address. */
export async function describeClients(packs: Clientpacks): Promise<Record<string, WireClient>> {
  const clients = await packs.directory.all();
  const tagsOf = (address: Ipv4) => packs.book.find(address)?.tags ?? {};
  return Object.fromEntries(
    clients.map(({ address, holder, details }) => [
      address,
      {
        managerid: holder,
        overlay_ipaddress: address,
        ipaddress: withoutPort(details?.underlay ?? null),
        tags: tagsOf(address),
      },
    ]),
  );
}

/** `203.0.113.7:40000` and `[2001:db8::1]:40000` without their ports. */
export function withoutPort(endpoint: string | null): string {
  if (endpoint === null) return '';
  const bracketed = /^\[(.*)\]:\d+$/.exec(endpoint);
  if (bracketed) return bracketed[1]!;
  return endpoint.split(':').length === 2 ? endpoint.split(':')[0]! : endpoint;
}

function timeText(at: number | null): string {
  return at === null ? '' : new Date(at).toISOString();
}
