import { type Static, Type } from 'typebox';
import type { AttachedClient, Clientpacks } from '../../clientpack/clientpacks.ts';
import type { Pack } from '../../clientpack/pack.ts';
import { packName } from '../../clientpack/pack-name.ts';
import { ipv6Of } from '../../topology/overlay-ipv6.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Millis = Type.Integer({ description: 'Unix milliseconds' });
const Id = Type.Integer({ minimum: 1, maximum: 10 });

const Client = Type.Object({
  holder: Id,
  kind: Nullable(
    Type.String({ description: 'openvpn, wireguard or ha; null when the holder did not answer' }),
  ),
  underlay: Nullable(Type.String()),
  since: Nullable(Millis),
  last_packet_at: Nullable(Millis),
  rx_bytes: Nullable(Type.Integer()),
  tx_bytes: Nullable(Type.Integer()),
  rtt_ms: Nullable(
    Type.Number({ description: 'From the holder to the client and back; null when it does not answer' }),
  ),
});

const pack = {
  name: Type.String(),
  address: Type.String(),
  address6: Type.Optional(Type.String({ description: 'Only with IPv6 in the overlay' })),
  number: Type.Integer(),
  enabled: Type.Boolean(),
  checked_out: Type.Boolean(),
  checked_out_at: Nullable(Millis),
  /** The controller that alone may hand it out. */
  home: Id,
  /** The controller that its client tries first; null while no controller has a client-facing address. */
  first: Nullable(Id),
  generation: Type.Integer(),
  /** False while its home has not made credentials for it. */
  ready: Type.Boolean(),
  tags: Type.Record(Type.String(), Type.String()),
  networks: Type.Array(Type.String()),
  client: Nullable(Client),
  last_connect: Nullable(Millis),
  last_disconnect: Nullable(Millis),
};

export const NativePack = Type.Object(pack);
export type NativePack = Static<typeof NativePack>;

export const NativePackDetail = Type.Object({
  ...pack,
  compression: Type.String(),
  /** In the order in which the client tries them. */
  controllers: Type.Array(Type.Object({ id: Id, host: Type.String() })),
  sha1: Nullable(Type.Object({ conf: Type.String(), tarball: Type.String(), zip: Type.String() })),
  history: Type.Array(
    Type.Object({
      at: Millis,
      kind: Type.Union([Type.Literal('attached'), Type.Literal('moved'), Type.Literal('detached')]),
      holder: Id,
      from: Nullable(Id),
    }),
  ),
});
export type NativePackDetail = Static<typeof NativePackDetail>;

export async function describeAll(packs: Clientpacks): Promise<NativePack[]> {
  const clients = new Map((await packs.directory.all()).map((client) => [client.address, client]));
  return packs.book.packs().map((one) => describe(packs, one, clients.get(one.address) ?? null));
}

export async function describeOne(packs: Clientpacks, one: Pack): Promise<NativePackDetail> {
  const client = await packs.directory.find(one.address);
  return {
    ...describe(packs, one, client),
    compression: one.compression,
    controllers: packs.remotesOf(one.address).map(({ id, host }) => ({ id, host })),
    sha1: packs.files.digests(one),
    history: packs.history.of(one.address).map((event) => ({ ...event })),
  };
}

function describe(packs: Clientpacks, one: Pack, client: AttachedClient | null): NativePack {
  const ula = packs.ula();
  const { connectedAt, disconnectedAt } = packs.history.last(one.address);
  return {
    name: packName(one.address),
    address: one.address,
    ...(ula && { address6: ipv6Of(ula, one.address) }),
    number: one.number,
    enabled: one.enabled,
    checked_out: one.checkout !== null,
    checked_out_at: one.checkout?.at ?? null,
    home: one.home,
    first: packs.remotesOf(one.address)[0]?.id ?? null,
    generation: one.generation,
    ready: one.material !== null,
    tags: one.tags,
    networks: [...one.networks],
    client: client && describeClient(client),
    last_connect: connectedAt,
    last_disconnect: disconnectedAt,
  };
}

function describeClient({ holder, details }: AttachedClient): NonNullable<NativePack['client']> {
  return {
    holder,
    kind: details?.kind ?? null,
    underlay: details?.underlay ?? null,
    since: details?.since ?? null,
    last_packet_at: details?.lastPacketAt ?? null,
    rx_bytes: details?.rxBytes ?? null,
    tx_bytes: details?.txBytes ?? null,
    rtt_ms: details?.rttMs ?? null,
  };
}
