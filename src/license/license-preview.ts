import { type Static, Type } from 'typebox';
import { MeshwrightError } from '../errors/catalogue.ts';
import { fromInt, type Ipv4, toInt } from '../net/ipv4.ts';
import {
  type Addressing,
  checkSubnetClear,
  freeAddresses,
  type LocalNetwork,
} from '../topology/addressing.ts';
import type { LicensePayload } from './license-payload.ts';

/** What a licence text would do here. */
export type LicensePreview =
  | { readonly kind: 'new'; readonly payload: LicensePayload; readonly after: Addressing }
  | {
      readonly kind: 'upgrade';
      readonly current: LicensePayload;
      readonly payload: LicensePayload;
      readonly before: Addressing;
      /** Null: the subnet has no room, so an operator has to give addresses. */
      readonly after: Addressing | null;
    };

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Controllers = Type.Array(
  Type.Object({ id: Type.Integer(), address: Type.String(), asn: Type.Integer() }),
);
const Ranges = Type.Array(Type.String(), { description: 'Each `a-b`, or one address' });

/** Who gets which address. Clients are told as ranges, because there may be thousands of them. */
export const WireAddressing = Type.Object({
  subnet: Type.String(),
  vip: Type.String(),
  controllers: Controllers,
  client_count: Type.Integer(),
  client_ranges: Ranges,
  free: Type.Integer({ description: 'Addresses of the subnet that nobody has' }),
});
export type WireAddressing = Static<typeof WireAddressing>;

const Grants = Type.Object({
  uuid: Type.String(),
  issued_to: Type.String(),
  controllers: Type.Integer(),
  clients: Type.Integer(),
  ipsec_endpoints: Type.Integer(),
  ipsec_subnets: Type.Integer(),
  links: Type.Integer(),
  overlay_subnet: Type.String(),
  capabilities: Type.Array(Type.String()),
  custom_addressing: Type.Boolean(),
  issued_at: Type.String(),
  expires_at: Nullable(Type.String()),
  authority: Type.String(),
});

export const WireLicensePreview = Type.Object({
  kind: Type.Union([Type.Literal('new'), Type.Literal('upgrade')]),
  grants: Grants,
  current: Nullable(Grants),
  addressing: Nullable(WireAddressing),
  needs_addresses: Type.Boolean({ description: 'The upgrade is in force only after addresses were given' }),
  added: Nullable(
    Type.Object({ controllers: Controllers, client_count: Type.Integer(), client_ranges: Ranges }),
  ),
  problem: Nullable(
    Type.Object({ code: Type.String(), message: Type.String(), field: Nullable(Type.String()) }),
    // Only the default can collide with a network of the machine; other addresses may do.
  ),
});

export function wirePreview(
  preview: LicensePreview,
  localNetworks: readonly LocalNetwork[],
): Static<typeof WireLicensePreview> {
  const { kind, payload, after } = preview;
  const isUpgrade = kind === 'upgrade';
  return {
    kind,
    grants: grants(payload),
    current: isUpgrade ? grants(preview.current) : null,
    addressing: after && wireAddressing(after),
    needs_addresses: after === null,
    added: isUpgrade && after ? added(preview.before, after) : null,
    problem: isUpgrade ? null : problemOf(() => checkSubnetClear(preview.after.subnet, localNetworks)),
  };
}

export function wireAddressing(addressing: Addressing): WireAddressing {
  const { subnet, vip, controllers, clients } = addressing;
  return {
    subnet,
    vip,
    controllers,
    client_count: clients.length,
    client_ranges: ranges(clients),
    free: freeAddresses(addressing),
  };
}

function added(before: Addressing, after: Addressing) {
  const known = new Set(before.clients);
  const clients = after.clients.filter((client) => !known.has(client));
  return {
    controllers: after.controllers.slice(before.controllers.length),
    client_count: clients.length,
    client_ranges: ranges(clients),
  };
}

function grants(payload: LicensePayload): Static<typeof Grants> {
  const { uuid, controllers, clients, links, capabilities, authority } = payload;
  return {
    uuid,
    issued_to: payload.issuedTo,
    controllers,
    clients,
    ipsec_endpoints: payload.ipsecEndpoints,
    ipsec_subnets: payload.ipsecSubnets,
    links,
    overlay_subnet: payload.overlaySubnet,
    capabilities,
    custom_addressing: payload.customAddressing,
    issued_at: payload.issuedAt,
    expires_at: payload.expiresAt,
    authority,
  };
}

function problemOf(check: () => void) {
  try {
    check();
    return null;
  } catch (error) {
    if (!(error instanceof MeshwrightError)) throw error;
    return { code: error.code, message: error.message, field: error.field ?? null };
  }
}

/** Neighbouring addresses as one range, in the form that the parameters take. */
function ranges(addresses: readonly Ipv4[]): string[] {
  const found: { first: number; last: number }[] = [];
  for (const value of addresses.map(toInt)) {
    const open = found.at(-1);
    if (open && value === open.last + 1) open.last = value;
    else found.push({ first: value, last: value });
  }
  return found.map(({ first, last }) =>
    first === last ? fromInt(first) : `${fromInt(first)}-${fromInt(last)}`,
  );
}
