import { createPrivateKey, createPublicKey, hkdfSync } from 'node:crypto';
import type { ControllerId } from '../topology/controller-id.ts';
import type { Keyset } from './keyset.ts';

/**
 * The WireGuard keys of controllers are derived from the keyset's master secret: every member can compute every
 * public key, so a new peer needs no exchange of keys.
 */
export interface WireguardKeys {
  /** 32 bytes, base64. */
  privateKey: string;
  publicKey: string;
}

type Root = Pick<Keyset, 'uuid' | 'masterSecret'>;

/** The ASN.1 wrapping of a raw X25519 private key. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex');

export function controllerKeys(keyset: Root, id: ControllerId): WireguardKeys {
  return wireguardKeysOf(derive(keyset, `wireguard controller ${id}`));
}

/** The second secret of a link, equal at both ends: it keeps recorded traffic safe from a quantum computer. */
export function linkPsk(keyset: Root, a: ControllerId, b: ControllerId): string {
  if (a === b) throw new RangeError(`controller ${a} has no link to itself`);
  return derive(keyset, `wireguard link ${Math.min(a, b)}-${Math.max(a, b)}`).toString('base64');
}

/** Makes a key pair of 32 random bytes, clamped as X25519 requires, so that `wg` shows the same text. */
export function wireguardKeysOf(seed: Buffer): WireguardKeys {
  const raw = Buffer.from(seed);
  raw[0]! &= 0xf8;
  raw[31] = (raw[31]! & 0x7f) | 0x40;
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, raw]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return { privateKey: raw.toString('base64'), publicKey: spki.subarray(-32).toString('base64') };
}

export function derive({ uuid, masterSecret }: Root, purpose: string): Buffer {
  return Buffer.from(
    hkdfSync('sha256', Buffer.from(masterSecret, 'base64'), uuid, `meshwright ${purpose}`, 32),
  );
}
