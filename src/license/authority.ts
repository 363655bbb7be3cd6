import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
} from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MeshwrightError } from '../errors/catalogue.ts';
import type { Cidr } from '../net/ipv4.ts';
import { defaultAddressing, defaultOverlaySubnet } from '../topology/addressing.ts';
import { BUILT_IN_AUTHORITY_PEM } from './built-in-authority.ts';
import { LICENSE_FORMAT, type LicensePayload } from './license-payload.ts';
import { encodeLicense, parseLicense } from './license-text.ts';

/** Somebody whose licences are accepted: an Ed25519 public key. */
export interface Authority {
  /** SHA-256 of the public key, 64 hex digits. */
  fingerprint: string;
  publicKeyPem: string;
}

/** What an issuer states; everything that is left out has a sensible value. */
export type LicenseRequest = Pick<LicensePayload, 'issuedTo' | 'controllers' | 'clients'> &
  Partial<Omit<LicensePayload, 'format' | 'authority'>>;

/** What this version knows to do, in the words that clients of the API know. */
export const CAPABILITIES = ['IPsec', 'eBGP', 'LinearAddressing', 'LinearAddressingConfigurable'] as const;

export function createAuthority(): { publicKeyPem: string; privateKeyPem: string; fingerprint: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    fingerprint: fingerprintOf(publicKey),
  };
}

/** Issues a licence text. Refuses to sign what a controller would refuse to read or could not number by default. */
export function issueLicense(request: LicenseRequest, privateKeyPem: string): string {
  const now = new Date().toISOString().slice(0, 19).concat('Z');
  const payload: LicensePayload = {
    uuid: randomUUID(),
    ipsecEndpoints: 4,
    ipsecSubnets: 16,
    links: 16,
    overlaySubnet: defaultOverlaySubnet(request.controllers, request.clients),
    capabilities: [...CAPABILITIES],
    customAddressing: true,
    issuedAt: now,
    expiresAt: null,
    upgrades: null,
    ...request,
    format: LICENSE_FORMAT,
    authority: fingerprintOf(createPublicKey(createPrivateKey(privateKeyPem))),
  };
  const text = encodeLicense(payload, privateKeyPem);
  parseLicense(text);
  defaultAddressing({ ...payload, overlaySubnet: payload.overlaySubnet as Cidr });
  return text;
}

/** Reads a public key in PEM form. Throws for anything but Ed25519, and so for a private key put there by mistake. */
export function parseAuthority(pem: string): Authority {
  if (!pem.includes('-----BEGIN PUBLIC KEY-----')) throw new TypeError('not a public key in PEM form');
  const key = createPublicKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('not an Ed25519 key');
  return {
    fingerprint: fingerprintOf(key),
    publicKeyPem: key.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

export const BUILT_IN_AUTHORITY: Authority = parseAuthority(BUILT_IN_AUTHORITY_PEM);

/** The built-in authority and every `*.pem` of a directory, which need not exist. */
export function loadAuthorities(dir: string): Authority[] {
  return [BUILT_IN_AUTHORITY, ...pemFiles(dir).map((file) => readAuthority(join(dir, file)))];
}

function pemFiles(dir: string): string[] {
  try {
    return readdirSync(dir)
      .filter((name) => name.endsWith('.pem'))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** A broken file is named instead of skipped: a licence that is refused for no visible reason costs hours. */
function readAuthority(file: string): Authority {
  try {
    return parseAuthority(readFileSync(file, 'utf8'));
  } catch {
    throw new MeshwrightError('LICENSE_AUTHORITY_FILE', { file });
  }
}

function fingerprintOf(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}
