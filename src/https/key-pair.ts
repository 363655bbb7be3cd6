import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { MeshwrightError } from '../errors/catalogue.ts';
import type { KeyPair } from './certificate-files.ts';

const MAX_PEM = 65_536;
const MAX_CHAIN = 10;
const MIN_RSA_BITS = 2048;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/** The certificates of a PEM text, in its order. Throws for one that cannot be read. */
export function parseChain(pem: string): X509Certificate[] {
  return (pem.match(CERTIFICATE) ?? []).map((block) => new X509Certificate(block));
}

/** By name and signature alone: OpenSSL's own check wants key usages that plain self-signed ones do not have. */
export function isIssuedBy(one: X509Certificate, issuer: X509Certificate): boolean {
  return one.issuer === issuer.subject && one.verify(issuer.publicKey);
}

/** Checks all that could make the API unreachable once the pair is installed. */
export function parseKeyPair(cert: string | undefined, key: string | undefined, now: number): KeyPair {
  const missing = [!cert && 'cert is missing', !key && 'key is missing'].filter((one) => one !== false);
  if (!cert || !key) {
    throw new MeshwrightError('SSL_MISSING', { field: cert ? 'key' : 'cert', missing: missing.join(', ') });
  }
  const chain = chainOf(cert);
  const privateKey = keyOf(key);
  const leaf = chain[0]!;
  if (!leaf.checkPrivateKey(privateKey)) throw bad('key', 'it does not belong to the first certificate');
  if (now > Date.parse(leaf.validTo)) throw bad('cert', `it ended on ${leaf.validTo}`);
  if (now < Date.parse(leaf.validFrom)) throw bad('cert', `it begins on ${leaf.validFrom}`);
  chain.slice(0, -1).forEach((one, at) => {
    if (!isIssuedBy(one, chain[at + 1]!)) {
      throw bad('cert', `certificate ${at + 2} of the chain did not issue certificate ${at + 1}`);
    }
  });
  // In our own words on disk: nothing that stood around the blocks.
  const pair = {
    cert: chain
      .map((one) => one.toString().trim())
      .join('\n')
      .concat('\n'),
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
  };
  try {
    createSecureContext({ ...pair, minVersion: 'TLSv1.2' });
  } catch (error) {
    throw bad('cert', `TLS does not take it: ${(error as Error).message}`);
  }
  return pair;
}

function chainOf(pem: string): X509Certificate[] {
  if (pem.length > MAX_PEM) throw bad('cert', `it has more than ${MAX_PEM} characters`);
  let chain: X509Certificate[];
  try {
    chain = parseChain(pem);
  } catch {
    throw bad('cert', 'a certificate in it cannot be read');
  }
  if (chain.length === 0) throw bad('cert', 'there is no certificate in PEM form in it');
  if (chain.length > MAX_CHAIN) throw bad('cert', `it has more than ${MAX_CHAIN} certificates`);
  return chain;
}

function keyOf(pem: string): KeyObject {
  if (pem.length > MAX_PEM) throw bad('key', `it has more than ${MAX_PEM} characters`);
  if (/ENCRYPTED/.test(pem)) throw bad('key', 'it is protected by a passphrase; upload it without one');
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw bad('key', 'it is not a private key in PEM form');
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type !== 'rsa' && type !== 'ec') throw bad('key', 'it must be an RSA or an elliptic curve key');
  if (type === 'rsa' && (details?.modulusLength ?? 0) < MIN_RSA_BITS) {
    throw bad('key', `an RSA key needs ${MIN_RSA_BITS} bits`);
  }
  return key;
}

const bad = (field: string, rule: string) => new MeshwrightError('ARGUMENT_INVALID', { field, rule });
