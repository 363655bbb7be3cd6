import fc from 'fast-check';
import { Secret, TOTP } from 'otpauth';
import { expect, it } from 'vitest';
import { acceptCode, newRecoveryCodes, newTotp, type StoredTotp, totpUri } from './totp.ts';

const NOW = Date.parse('2026-06-01T12:00:10Z');
const codeAt = ({ secret }: StoredTotp, at: number) => new TOTP({ secret }).generate({ timestamp: at });

it('makes the codes of RFC 6238', () => {
  const secret = Secret.fromLatin1('12345678901234567890').base32;
  const stored = { secret, confirmed: true, lastStep: 0, recovery: [] };
  expect(acceptCode(stored, '287082', 59_000)).not.toBeNull();
  expect(acceptCode(stored, '081804', 1_111_111_109_000)).not.toBeNull();
  expect(acceptCode(stored, '081804', 59_000)).toBeNull();
});

it('takes each code once, also when it comes again a step later', () => {
  const stored = newTotp();
  const after = acceptCode(stored, codeAt(stored, NOW), NOW);
  expect(after).not.toBeNull();
  expect(acceptCode(after!, codeAt(stored, NOW), NOW + 1000)).toBeNull();
  expect(acceptCode(after!, codeAt(stored, NOW), NOW + 30_000)).toBeNull();
  expect(acceptCode(after!, codeAt(stored, NOW - 30_000), NOW)).toBeNull();
  expect(acceptCode(after!, codeAt(stored, NOW + 30_000), NOW + 30_000)).not.toBeNull();
});

it('bears a clock that is half a minute off, and no more', () => {
  const stored = newTotp();
  expect(acceptCode(stored, codeAt(stored, NOW - 30_000), NOW)).not.toBeNull();
  expect(acceptCode(stored, codeAt(stored, NOW - 90_000), NOW)).toBeNull();
});

it('recovery codes work once, however they are typed, and not before the factor is on', () => {
  const { codes, digests } = newRecoveryCodes();
  expect(new Set(codes).size).toBe(10);
  const stored = { ...newTotp(), confirmed: true, recovery: digests };
  expect(JSON.stringify(stored)).not.toContain(codes[0]);
  const after = acceptCode(stored, ` ${codes[0]!.toUpperCase().replaceAll('-', ' ')}`, NOW);
  expect(after!.recovery).toHaveLength(9);
  expect(acceptCode(after!, codes[0]!, NOW)).toBeNull();
  expect(acceptCode({ ...stored, confirmed: false }, codes[1]!, NOW)).toBeNull();
});

it('refuses whatever else there is', () => {
  const stored = { ...newTotp(), confirmed: true };
  fc.assert(
    fc.property(fc.string(), (text) => {
      fc.pre(text.replaceAll(/\s/g, '') !== codeAt(stored, NOW));
      fc.pre(![NOW - 30_000, NOW + 30_000].some((at) => text.replaceAll(/\s/g, '') === codeAt(stored, at)));
      expect(acceptCode(stored, text, NOW)).toBeNull();
    }),
  );
});

it('tells an app name and issuer', () => {
  const uri = new URL(totpUri(newTotp(), 'ops@example.org', 'Meshwright c1'));
  expect(uri.protocol).toBe('otpauth:');
  expect(uri.searchParams.get('issuer')).toBe('Meshwright c1');
});
