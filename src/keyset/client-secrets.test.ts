import { createDecipheriv, createHmac, X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { newIdentity, serialOf } from './certificate.ts';
import { clientPsk, tlsCryptClientKey, tlsCryptServerKey } from './client-secrets.ts';

const root = {
  uuid: '00000000-0000-0000-0000-000000000000',
  masterSecret: Buffer.alloc(32, 7).toString('base64'),
};

it('wraps a tls-crypt-v2 key so that a server opens it', () => {
  const whole = tlsCryptClientKey(root, '100.127.255.193', 2);
  const server = tlsCryptServerKey(root);
  const [key, wrapped] = [whole.subarray(0, 256), whole.subarray(256)];
  expect(wrapped.readUInt16BE(wrapped.length - 2)).toBe(wrapped.length);
  const tag = wrapped.subarray(0, 32);
  const decipher = createDecipheriv('aes-256-ctr', server.subarray(0, 32), tag.subarray(0, 16));
  const plain = decipher.update(wrapped.subarray(32, -2));
  expect(plain.subarray(0, 256)).toEqual(key);
  const mac = createHmac('sha256', server.subarray(64, 96))
    .update(wrapped.subarray(-2))
    .update(plain)
    .digest();
  expect(mac).toEqual(tag);
});

it('is the same on every controller, and another one for another client or generation', () => {
  const keys = [
    ['100.127.255.193', 0],
    ['100.127.255.193', 0],
    ['100.127.255.193', 1],
    ['100.127.255.194', 0],
  ] as const;
  expect(new Set(keys.map(([address, n]) => tlsCryptClientKey(root, address, n).toString('hex'))).size).toBe(
    3,
  );
  expect(new Set(keys.map(([address, n]) => clientPsk(root, address, n))).size).toBe(3);
});

it('reads a serial number at its place', () => {
  const { certificate } = newIdentity({ commonName: 'a'.repeat(60), role: 'client', days: 1 });
  expect(serialOf(certificate)).toBe(new X509Certificate(certificate).serialNumber);
});
