import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { MeshwrightError } from '../errors/catalogue.ts';

/**
 * A join code is one line that an operator copies from a member to a fresh machine: where to redeem it, for which id,
 * and a secret of 128 random bits that both ends prove to know without sending it.
 */
export const JoinCode = Type.Object({
  /** Where the issuer can be reached, best first. */
  a: Type.Array(Type.String({ minLength: 1, maxLength: 253 }), { minItems: 1, maxItems: 4 }),
  i: Type.Integer({ minimum: 1, maximum: 10 }),
  /** Public name of the code at its issuer. */
  n: Type.String({ pattern: '^[0-9a-f]{16}$' }),
  /** Base64url of the secret. */
  s: Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' }),
});
export type JoinCode = Static<typeof JoinCode>;

const PREFIX = 'mwjoin1.';

export function formatJoinCode(code: JoinCode): string {
  return PREFIX + Buffer.from(JSON.stringify(code)).toString('base64url');
}

export function parseJoinCode(text: string): JoinCode {
  const malformed = new MeshwrightError('JOIN_CODE_MALFORMED', { field: 'code' });
  const trimmed = text.trim();
  if (!trimmed.startsWith(PREFIX)) throw malformed;
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(trimmed.slice(PREFIX.length), 'base64url').toString('utf8'));
  } catch {
    throw malformed;
  }
  if (!Value.Check(JoinCode, value)) throw malformed;
  return value;
}
