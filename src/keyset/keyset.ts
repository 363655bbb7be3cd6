import { createHash, hkdfSync } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { canonicalJson } from '../topology/canonical-json.ts';
import { KeyText } from './key-text.ts';
import { pem } from './pem.ts';

/**
 * All key material of a topology, made once and then equal on every member. It is a document of text values, so
 * that it is stored, copied and compared as what it is.
 */
/** They end up in files of OpenVPN, on controllers and on clients. */
const Pair = { certificate: pem('CERTIFICATE'), privateKey: pem('PRIVATE KEY') };
const strict = { additionalProperties: false } as const;

const Identity = Type.Object(Pair, strict);
export type Identity = Static<typeof Identity>;

const MemberMaterial = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 10 }), ...Pair }, strict);
export type MemberMaterial = Static<typeof MemberMaterial>;

/** Signed once and stored, because an ECDSA signature made again would differ from controller to controller. */
export const ClientMaterial = Type.Object(
  {
    address: Type.String({ pattern: '^\\d{1,3}(\\.\\d{1,3}){3}$' }),
    ...Pair,
    wireguard: Type.Object({ privateKey: KeyText, publicKey: KeyText }, strict),
  },
  strict,
);
export type ClientMaterial = Static<typeof ClientMaterial>;

export const Keyset = Type.Object(
  {
    format: Type.Literal(1),
    uuid: Type.String({ pattern: '^[0-9a-f-]{36}$' }),
    /** Unix seconds. */
    createdAt: Type.Integer({ minimum: 0 }),
    /** 32 bytes, base64: the root of the link keys and of everything else that members derive. */
    masterSecret: KeyText,
    /** What any member needs to serve a fetch. The token itself is stored nowhere. */
    pake: Type.Object({ serverSetup: Type.String(), registrationRecord: Type.String() }, strict),
    /** Members and clients have a root each: no client certificate can ever pass for a member. */
    memberCa: Identity,
    clientCa: Identity,
    members: Type.Array(MemberMaterial, { minItems: 10, maxItems: 10 }),
    /** Those that the licence had when the keyset was made; later ones are records of the members (src/clientpack). */
    clients: Type.Array(ClientMaterial, { maxItems: 8192 }),
  },
  strict,
);
export type Keyset = Static<typeof Keyset>;

/**
 * Forty hex digits that tell keysets apart and reveal nothing: the secret enters as a derived value. Clients are left
 * out, because an upgrade adds some while the keyset stays the same.
 */
export function fingerprint({ uuid, createdAt, masterSecret, memberCa, clientCa }: Keyset): string {
  const commitment = hkdfSync(
    'sha256',
    Buffer.from(masterSecret, 'base64'),
    uuid,
    'meshwright fingerprint',
    32,
  );
  const visible = {
    uuid,
    createdAt,
    commitment: Buffer.from(commitment).toString('hex'),
    memberCa: memberCa.certificate,
    clientCa: clientCa.certificate,
  };
  return createHash('sha1').update(canonicalJson(visible)).digest('hex');
}
