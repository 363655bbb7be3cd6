import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

/** An ephemeral X25519 key: what was sealed with it stays closed even when the join code is found in a shell history. */
export interface Ephemeral {
  readonly publicKey: string;
  readonly privateKey: KeyObject;
}

export function ephemeral(): Ephemeral {
  const pair = generateKeyPairSync('x25519');
  return {
    publicKey: pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    privateKey: pair.privateKey,
  };
}

/** Key for one message, bound to its purpose; `shared` is absent before both ends have sent their ephemeral key. */
export function joinKey(secret: string, purpose: string, shared?: { own: Ephemeral; peer: string }): Buffer {
  const agreed = shared
    ? diffieHellman({
        privateKey: shared.own.privateKey,
        publicKey: createPublicKey({ key: Buffer.from(shared.peer, 'base64'), format: 'der', type: 'spki' }),
      })
    : Buffer.alloc(0);
  const material = Buffer.concat([Buffer.from(secret, 'base64url'), agreed]);
  return Buffer.from(hkdfSync('sha256', material, 'meshwright join', purpose, 32));
}

/** AES-256-GCM; the result is base64 of nonce, tag and text. */
export function seal(key: Buffer, value: unknown): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const text = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64');
}

/** Throws when the key is wrong or a bit was changed. */
export function unseal(key: Buffer, sealed: string): unknown {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(12, 28));
  return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8'));
}
