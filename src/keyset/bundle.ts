import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { contains, parseCidr, parseIpv4 } from '../net/ipv4.ts';
import { readSerial } from './certificate.ts';
import type { Bundle } from './exchange-wire.ts';
import { Keyset } from './keyset.ts';

/**
 * The source is trusted, because it knows the token; its software may still be another version. What it sends is
 * checked like any other input before it is stored as this controller's identity.
 */
const Address = Type.String({ pattern: '^\\d{1,3}(\\.\\d{1,3}){3}$' });

const Addressing = Type.Object({
  subnet: Type.String({ pattern: '^\\d{1,3}(\\.\\d{1,3}){3}/\\d{1,2}$' }),
  vip: Address,
  controllers: Type.Array(
    Type.Object({
      id: Type.Integer({ minimum: 1, maximum: 10 }),
      address: Address,
      asn: Type.Integer({ minimum: 1, maximum: 4294967294 }),
    }),
    { minItems: 1, maxItems: 10 },
  ),
  clients: Type.Array(Address, { maxItems: 8192 }),
  ipv6: Type.Optional(Type.Literal(true)),
});

const BundleSchema = Type.Object({
  format: Type.Literal(1),
  version: Type.String(),
  time: Type.Number(),
  topologyName: Type.String({ maxLength: 1024 }),
  license: Type.Object({
    text: Type.String({ maxLength: 65536 }),
    authorityPem: Type.String({ maxLength: 4096 }),
    uploadedAt: Type.Integer(),
    addressing: Addressing,
    upgrades: Type.Array(Type.String()),
  }),
  keyset: Keyset,
});

export function isBundle(value: unknown): value is Bundle {
  if (!Value.Check(BundleSchema, value)) return false;
  const { license, keyset } = value;
  return isWhole(license.addressing) && keyset.clients.every((client) => readSerial(client.certificate));
}

/** What the applier will ask of every document made from this addressing. */
function isWhole({ subnet, vip, controllers, clients }: Static<typeof Addressing>): boolean {
  const overlay = parseCidr(subnet);
  const isInside = (text: string) => {
    const address = parseIpv4(text);
    return overlay !== null && address !== null && contains(overlay, address);
  };
  return [vip, ...controllers.map(({ address }) => address), ...clients].every(isInside);
}
