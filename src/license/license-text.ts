import { createHash, sign, verify } from 'node:crypto';
import { Value } from 'typebox/value';
import { MeshwrightError } from '../errors/catalogue.ts';
import { parseCidr } from '../net/ipv4.ts';
import { checkSubnetUsable } from '../topology/addressing.ts';
import { canonicalJson } from '../topology/canonical-json.ts';
import type { Authority } from './authority.ts';
import { LICENSE_FORMAT, LicensePayload } from './license-payload.ts';

/**
 * The text of a licence: a header for people, the payload and a signature over both. Line ends, indentation and
 * text around the armour do not matter, because licences travel through mail and web forms.
 */
const BEGIN = '-----BEGIN MESHWRIGHT LICENSE-----';
const END = '-----END MESHWRIGHT LICENSE-----';
const MAX_LENGTH = 64 * 1024;
/** An authority's clock may be ahead of a controller's by this much. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

export interface License {
  payload: LicensePayload;
  /** The text in its one canonical form: what is stored, copied to other controllers and hashed. */
  text: string;
  signed: Buffer;
  signature: Buffer;
}

export function encodeLicense(payload: LicensePayload, privateKeyPem: string): string {
  const header = headerOf(payload);
  const body = Buffer.from(canonicalJson(payload)).toString('base64url');
  const signature = sign(null, signedBytes(header, body), privateKeyPem).toString('base64url');
  return armour(header, body, signature);
}

/** Reads a licence without judging who signed it or when. */
export function parseLicense(input: string): License {
  if (input.length > MAX_LENGTH) throw malformed(`it is longer than ${MAX_LENGTH} characters`);
  const lines = input.split(/\r?\n/).map((line) => line.trim());
  const begin = lines.indexOf(BEGIN);
  const end = lines.indexOf(END, begin + 1);
  if (begin < 0) throw malformed(`the line ${BEGIN} is missing`);
  if (end < 0) throw malformed(`the line ${END} is missing`);
  const sections = lines
    .slice(begin + 1, end)
    .join('\n')
    .split(/\n{2,}/);
  if (sections.length !== 3)
    throw malformed('it must hold a header, a payload and a signature, with an empty line between');
  const header = sections[0]!.trim().split('\n');
  const [body, signature] = sections.slice(1).map((section) => section.replaceAll(/\s/g, '')) as [
    string,
    string,
  ];
  const payload = parsePayload(body);
  const bytes = Buffer.from(signature, 'base64url');
  return {
    payload,
    text: armour(header, body, bytes.toString('base64url')),
    signed: signedBytes(header, body),
    signature: bytes,
  };
}

/** Throws unless one of the authorities signed exactly this header and payload; returns that authority. */
export function checkSignature(license: License, trusted: readonly Authority[]): Authority {
  const authority = trusted.find((candidate) => candidate.fingerprint === license.payload.authority);
  if (!authority)
    throw new MeshwrightError('LICENSE_AUTHORITY_UNKNOWN', { authority: license.payload.authority });
  if (!verify(null, license.signed, authority.publicKeyPem, license.signature))
    throw new MeshwrightError('LICENSE_TAMPERED');
  return authority;
}

export function checkPeriod({ issuedAt, expiresAt }: LicensePayload, now: number): void {
  if (Date.parse(issuedAt) > now + CLOCK_TOLERANCE_MS) {
    throw new MeshwrightError('LICENSE_NOT_YET_VALID', {
      date: issuedAt.slice(0, 10),
      clock: new Date(now).toISOString().slice(0, 19).concat('Z'),
    });
  }
  if (expiresAt !== null && Date.parse(expiresAt) <= now) {
    throw new MeshwrightError('LICENSE_EXPIRED', { date: expiresAt.slice(0, 10) });
  }
}

/** The whole judgement on a text that somebody uploads. */
export function verifyLicense(text: string, trusted: readonly Authority[], now: number): License {
  const license = parseLicense(text);
  checkSignature(license, trusted);
  checkPeriod(license.payload, now);
  return license;
}

/** Forty hex digits, the wire's `sha1_checksum`; equal wherever the same licence was uploaded. */
export function licenseSha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

function parsePayload(body: string): LicensePayload {
  let payload: unknown;
  try {
    payload = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
  } catch {
    throw malformed('its payload cannot be decoded');
  }
  const format = (payload as { format?: unknown } | null)?.format;
  if (typeof format === 'number' && format > LICENSE_FORMAT) {
    throw malformed(`its format ${format} is newer than this version understands`);
  }
  if (!Value.Check(LicensePayload, payload)) {
    const first = Value.Errors(LicensePayload, payload)[0];
    throw malformed(`its payload is wrong at ${first?.instancePath || '/'}: ${first?.message ?? 'unknown'}`);
  }
  const subnet = parseCidr(payload.overlaySubnet);
  if (!subnet) throw malformed(`its overlay subnet ${payload.overlaySubnet} is not a network`);
  checkSubnetUsable(subnet);
  return payload;
}

function headerOf(payload: LicensePayload): string[] {
  return [
    `Issued-To: ${payload.issuedTo.trim()}`,
    `Controllers: ${payload.controllers}`,
    `Clients: ${payload.clients}`,
    `Overlay-Subnet: ${payload.overlaySubnet}`,
    `Issued: ${payload.issuedAt.slice(0, 10)}`,
    `Expires: ${payload.expiresAt?.slice(0, 10) ?? 'never'}`,
  ];
}

/** The first line keeps a signature of a licence from being valid for anything else. */
function signedBytes(header: readonly string[], body: string): Buffer {
  return Buffer.from(['meshwright license 1', ...header, '', body].join('\n'));
}

function armour(header: readonly string[], body: string, signature: string): string {
  const wrap = (text: string) => text.match(/.{1,64}/g) ?? [];
  return [BEGIN, ...header, '', ...wrap(body), '', ...wrap(signature), END, ''].join('\n');
}

function malformed(reason: string): MeshwrightError {
  return new MeshwrightError('LICENSE_MALFORMED', { reason });
}
