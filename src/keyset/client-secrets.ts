import { createCipheriv, createHmac, hkdfSync } from 'node:crypto';
import type { ControllerId } from '../topology/controller-id.ts';
import type { Keyset } from './keyset.ts';
import { derive, type WireguardKeys, wireguardKeysOf } from './wireguard-keys.ts';

/**
 * Secrets of overlay clients that every controller derives from the keyset instead of storing: so a pack is the same,
 * byte for byte, wherever it is downloaded.
 */
type Root = Pick<Keyset, 'uuid' | 'masterSecret'>;

/** Keys of the one interface to which WireGuard clients of a controller connect. */
export function clientInterfaceKeys(keyset: Root, id: ControllerId): WireguardKeys {
  return remembered(keyset, `wireguard clients of controller ${id}`, (purpose) =>
    wireguardKeysOf(derive(keyset, purpose)),
  );
}

export function clientPsk(keyset: Root, address: string, generation: number): string {
  return derive(keyset, `wireguard client ${address} ${generation}`).toString('base64');
}

const SERVER_KEY_BYTES = 128;
const CLIENT_KEY_BYTES = 256;

/** OpenVPN's tls-crypt-v2 key of the servers: 64 bytes of cipher key, 64 of HMAC key. Equal on all controllers. */
export function tlsCryptServerKey(keyset: Root): Buffer {
  return remembered(keyset, 'openvpn tls-crypt-v2 servers', (purpose) =>
    deriveBytes(keyset, purpose, SERVER_KEY_BYTES),
  );
}

/**
 * A client's tls-crypt-v2 key with its copy that only servers can open (RFC 5297's idea: the MAC of the content is
 * the IV). Nothing in it is random.
 */
export function tlsCryptClientKey(keyset: Root, address: string, generation: number): Buffer {
  const server = tlsCryptServerKey(keyset);
  const key = deriveBytes(keyset, `openvpn tls-crypt-v2 client ${address} ${generation}`, CLIENT_KEY_BYTES);
  const USER_METADATA = 0;
  const plain = Buffer.concat([key, Buffer.from([USER_METADATA]), Buffer.from(`${address} ${generation}`)]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(32 + plain.length + 2);
  const tag = createHmac('sha256', server.subarray(64, 96)).update(length).update(plain).digest();
  const cipher = createCipheriv('aes-256-ctr', server.subarray(0, 32), tag.subarray(0, 16));
  return Buffer.concat([key, tag, cipher.update(plain), cipher.final(), length]);
}

function deriveBytes({ uuid, masterSecret }: Root, purpose: string, bytes: number): Buffer {
  return Buffer.from(
    hkdfSync('sha256', Buffer.from(masterSecret, 'base64'), uuid, `meshwright ${purpose}`, bytes),
  );
}

const known = new WeakMap<Root, Map<string, unknown>>();

/** What all clients share is derived once a keyset: a list of a thousand packs needs it a thousand times. */
function remembered<T>(keyset: Root, purpose: string, derived: (purpose: string) => T): T {
  const values = known.get(keyset) ?? new Map<string, unknown>();
  known.set(keyset, values);
  if (!values.has(purpose)) values.set(purpose, derived(purpose));
  return values.get(purpose) as T;
}
