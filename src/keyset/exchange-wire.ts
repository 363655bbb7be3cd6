import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { type Static, Type } from 'typebox';
import type { InstalledLicense } from '../license/license-service.ts';
import { canonicalJson } from '../topology/canonical-json.ts';
import type { Keyset } from './keyset.ts';

/**
 * What two controllers say to each other when one copies the keyset of the other: two requests of a PAKE, and then
 * the keyset, encrypted under a key that only the two ends of the PAKE have. The HTTPS below it may be terminated
 * by anybody; a relay learns nothing but the size.
 */
export const EXCHANGE_PATH = '/api/mesh/keyset-exchange';

export const StartRequest = Type.Object({
  version: Type.String({ pattern: '^\\d{1,5}\\.\\d{1,5}\\.\\d{1,5}' }),
  start_login_request: Type.String({ minLength: 1, maxLength: 1024 }),
});
export type StartRequest = Static<typeof StartRequest>;

export const FinishRequest = Type.Object({
  exchange_id: Type.String({ minLength: 36, maxLength: 36 }),
  finish_login_request: Type.String({ minLength: 1, maxLength: 1024 }),
});
export type FinishRequest = Static<typeof FinishRequest>;

/** A refusal is an answer, not an HTTP error, so that the client can name it whatever the API's error texts say. */
export const Refusal = Type.Object({
  refused: Type.Union([
    Type.Literal('EXCHANGE_NO_KEYSET'),
    Type.Literal('EXCHANGE_WRONG_TOKEN'),
    Type.Literal('EXCHANGE_VERSION'),
    Type.Literal('EXCHANGE_BUSY'),
    Type.Literal('EXCHANGE_UNKNOWN'),
    Type.Literal('EXCHANGE_MALFORMED'),
    Type.Literal('TOO_MANY_ATTEMPTS'),
  ]),
  version: Type.String({ maxLength: 64 }),
  /** How long to wait, with TOO_MANY_ATTEMPTS. */
  seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 3600 })),
});
export type Refusal = Static<typeof Refusal>;

export const StartAnswer = Type.Object({
  exchange_id: Type.String({ minLength: 36, maxLength: 36 }),
  login_response: Type.String({ minLength: 1, maxLength: 4096 }),
  version: Type.String({ maxLength: 64 }),
});
export type StartAnswer = Static<typeof StartAnswer>;

export const FinishAnswer = Type.Object({ sealed: Type.String({ minLength: 1 }) });
export type FinishAnswer = Static<typeof FinishAnswer>;

/** Everything that makes a controller a member of a topology. */
export interface Bundle {
  format: 1;
  version: string;
  /** Unix milliseconds at the source, to compare clocks by. */
  time: number;
  topologyName: string;
  license: InstalledLicense;
  keyset: Keyset;
}

/** All that both sides said in clear. It enters the key, so a change on the way makes the bundle unreadable. */
export interface Transcript {
  exchangeId: string;
  clientVersion: string;
  serverVersion: string;
  startLoginRequest: string;
  loginResponse: string;
  finishLoginRequest: string;
}

const IV_BYTES = 12;
const TAG_BYTES = 16;

export function seal(bundle: Bundle, sessionKey: string, transcript: Transcript): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', bundleKey(sessionKey, transcript), iv);
  const text = Buffer.concat([cipher.update(JSON.stringify(bundle), 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64');
}

/** `null` when a single bit differs from what was sealed or said. */
export function open(sealed: string, sessionKey: string, transcript: Transcript): unknown {
  try {
    const bytes = Buffer.from(sealed, 'base64');
    const key = bundleKey(sessionKey, transcript);
    const options = { authTagLength: TAG_BYTES };
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), options);
    decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const text = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    return JSON.parse(text.toString('utf8'));
  } catch {
    return null;
  }
}

function bundleKey(sessionKey: string, transcript: Transcript): Buffer {
  const salt = createHash('sha256').update(canonicalJson(transcript)).digest();
  return Buffer.from(
    hkdfSync('sha256', Buffer.from(sessionKey, 'base64url'), salt, 'meshwright keyset exchange 1', 32),
  );
}

/** Versions with different first numbers do not exchange keysets: the material of one may be unknown to the other. */
export function sameMajor(a: string, b: string): boolean {
  return Number.parseInt(a, 10) === Number.parseInt(b, 10);
}
