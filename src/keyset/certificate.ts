import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { isIP } from 'node:net';
import { ipBytes } from '../net/ip-bytes.ts';
import { bits, boolean, explicit, implicit, integer, octets, oid, sequence, set, time, utf8 } from './der.ts';
import type { Identity } from './keyset.ts';

/** Certificates of one shape: ECDSA on P-256, a common name, and the extensions that TLS peers look at. */
export interface CertificateRequest {
  commonName: string;
  role: 'ca' | 'client' | 'server' | 'member';
  /** DNS names and IP addresses that a TLS server answers for. */
  names?: readonly string[];
  days: number;
  now?: Date;
}

/** Something that can sign certificates. */
export interface Issuer {
  commonName: string;
  key: KeyObject;
}

const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const SERVER_AUTH = oid('1.3.6.1.5.5.7.3.1');
const CLIENT_AUTH = oid('1.3.6.1.5.5.7.3.2');
const USAGES = { ca: [], client: [CLIENT_AUTH], server: [SERVER_AUTH], member: [CLIENT_AUTH, SERVER_AUTH] };
const KEY_CERT_SIGN_AND_CRL = bits(Buffer.from([0x06]), 1);
const DIGITAL_SIGNATURE = bits(Buffer.from([0x80]), 7);

/** Clocks of freshly booted machines are often behind; a certificate must not be "not yet valid" there. */
const BACKDATE_MS = 24 * 3600_000;
const DAY_MS = 24 * 3600_000;

export function newIdentity(request: CertificateRequest, issuer?: Issuer): Identity {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    certificate: certify(request, publicKey, issuer ?? { commonName: request.commonName, key: privateKey }),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** Signs a certificate for a public key and returns it as PEM. */
export function certify(request: CertificateRequest, publicKey: KeyObject, issuer: Issuer): string {
  const now = request.now ?? new Date();
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const serial = randomBytes(16);
  serial[0] = (serial[0]! & 0x7f) | 0x40;
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serial),
    ECDSA_SHA256,
    name(issuer.commonName),
    sequence(
      time(new Date(now.getTime() - BACKDATE_MS)),
      time(new Date(now.getTime() + request.days * DAY_MS)),
    ),
    name(request.commonName),
    spki,
    explicit(3, sequence(...extensions(request, spki, issuer))),
  );
  const signature = sign('sha256', body, issuer.key);
  return pem(sequence(body, ECDSA_SHA256, bits(signature)));
}

/**
 * The serial number of a certificate made here, in hexadecimal; null for one made elsewhere. Read at its place instead
 * of by a parser, because it is asked for every client at every change.
 */
export function readSerial(certificate: string): string | null {
  const der = Buffer.from(certificate.split('\n').slice(1, 3).join(''), 'base64');
  const [version, tag, length] = [der.subarray(8, 13).toString('hex'), der[13], der[14]];
  if (version !== 'a003020102' || tag !== 2 || length !== 16 || der.length < 31) return null;
  return der.subarray(15, 31).toString('hex').toUpperCase();
}

export function serialOf(certificate: string): string {
  const serial = readSerial(certificate);
  if (serial === null) throw new RangeError('not a certificate of a keyset');
  return serial;
}

function extensions({ role, names = [] }: CertificateRequest, spki: Buffer, issuer: Issuer): Buffer[] {
  const isCa = role === 'ca';
  const list = [
    extension('2.5.29.19', true, isCa ? sequence(boolean(true), integer(Buffer.from([0]))) : sequence()),
    extension('2.5.29.15', true, isCa ? KEY_CERT_SIGN_AND_CRL : DIGITAL_SIGNATURE),
    extension('2.5.29.14', false, octets(keyId(spki))),
    extension('2.5.29.35', false, sequence(implicit(0, issuerKeyId(issuer.key)))),
  ];
  if (!isCa) list.push(extension('2.5.29.37', false, sequence(...USAGES[role])));
  if (names.length > 0) list.push(extension('2.5.29.17', false, sequence(...names.map(alternativeName))));
  return list;
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return critical ? sequence(oid(id), boolean(true), octets(value)) : sequence(oid(id), octets(value));
}

function name(commonName: string): Buffer {
  return sequence(set(sequence(oid('2.5.4.3'), utf8(commonName))));
}

function alternativeName(text: string): Buffer {
  return isIP(text) === 0 ? implicit(2, Buffer.from(text)) : implicit(7, ipBytes(text));
}

/** RFC 5280's key identifier: a hash of the bits of the key itself, the last 65 bytes of a P-256 SPKI. */
function keyId(spki: Buffer): Buffer {
  return createHash('sha1').update(spki.subarray(-65)).digest();
}

const issuerKeyIds = new WeakMap<KeyObject, Buffer>();

/** Remembered per key: it would cost a parse for every one of a thousand certificates. */
function issuerKeyId(key: KeyObject): Buffer {
  const known = issuerKeyIds.get(key);
  if (known) return known;
  const id = keyId(createPublicKey(key).export({ type: 'spki', format: 'der' }));
  issuerKeyIds.set(key, id);
  return id;
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g)!;
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
