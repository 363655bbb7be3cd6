import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MeshwrightError } from '../errors/catalogue.ts';
import type { Cidr } from '../net/ipv4.ts';
import { defaultAddressing } from '../topology/addressing.ts';
import {
  BUILT_IN_AUTHORITY,
  createAuthority,
  issueLicense,
  loadAuthorities,
  parseAuthority,
} from './authority.ts';
import { licenseSha1, parseLicense, verifyLicense } from './license-text.ts';

const authority = createAuthority();
const trusted = [parseAuthority(authority.publicKeyPem)];
const request = { issuedTo: 'Example AG', controllers: 3, clients: 20, issuedAt: '2026-01-01T00:00:00Z' };
const text = issueLicense({ ...request, expiresAt: '2027-01-01T00:00:00Z' }, authority.privateKeyPem);
const now = Date.parse('2026-06-01T00:00:00Z');

function refusal(input: string, at = now, authorities = trusted): string {
  try {
    verifyLicense(input, authorities, at);
  } catch (error) {
    if (!(error instanceof MeshwrightError)) throw error;
    expect(error.message).toContain('Bad license');
    return error.code;
  }
  return 'accepted';
}

describe('licence text', () => {
  it('survives mail: line ends, indentation and text around it', () => {
    const mailed = `Dear customer,\r\n\r\n${text.replaceAll('\n', ' \r\n\t')}\r\n-- \r\nThe authority`;
    const license = verifyLicense(mailed, trusted, now);
    expect(license.payload).toMatchObject({
      issuedTo: 'Example AG',
      controllers: 3,
      overlaySubnet: '100.127.255.192/26',
    });
    expect(license.text).toBe(text);
    expect(licenseSha1(license.text)).toMatch(/^[0-9a-f]{40}$/);
  });

  it('refuses the text with any character changed', () => {
    const body = text.slice(text.indexOf('\n') + 1, text.lastIndexOf('-----END') - 1);
    const offset = text.indexOf('\n') + 1;
    fc.assert(
      fc.property(fc.nat(body.length - 1), fc.constantFrom(...'AZaz09_-. '), (index, char) => {
        const at = offset + index;
        const changed = text.slice(0, at) + char + text.slice(at + 1);
        fc.pre(changed.replaceAll(/\s/g, '') !== text.replaceAll(/\s/g, ''));
        let accepted: string | null = null;
        try {
          accepted = verifyLicense(changed, trusted, now).text;
        } catch {}
        // The last character of a base64url signature has bits that mean nothing.
        expect(accepted === null || accepted === text).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('names what is wrong', () => {
    expect(refusal('hello')).toBe('LICENSE_MALFORMED');
    expect(refusal(text.split('\n').slice(0, -2).join('\n'))).toBe('LICENSE_MALFORMED');
    expect(refusal('x'.repeat(100_000))).toBe('LICENSE_MALFORMED');
    expect(refusal(text.replace('Controllers: 3', 'Controllers: 9'))).toBe('LICENSE_TAMPERED');
    expect(refusal(text, Date.parse('2027-01-01T00:00:00Z'))).toBe('LICENSE_EXPIRED');
    expect(refusal(text, Date.parse('2025-12-31T23:00:00Z'))).toBe('LICENSE_NOT_YET_VALID');
    expect(refusal(text, Date.parse('2025-12-31T23:57:00Z'))).toBe('accepted');
    expect(refusal(text, now, [BUILT_IN_AUTHORITY])).toBe('LICENSE_AUTHORITY_UNKNOWN');
    expect(() => verifyLicense(text, trusted, Date.parse('2028-01-01'))).toThrow(
      'Bad license: it expired on 2027-01-01',
    );
  });

  it('is not issued when a controller could not use it', () => {
    const issue = (change: object) => () => issueLicense({ ...request, ...change }, authority.privateKeyPem);
    expect(issue({ controllers: 11 })).toThrow('Bad license');
    expect(issue({ issuedTo: 'two\nlines' })).toThrow('Bad license');
    expect(issue({ overlaySubnet: '100.127.255.193/26' })).toThrow('Bad license');
    expect(issue({ overlaySubnet: '169.254.0.0/16' })).toThrow('reserved');
    expect(issue({ clients: 100, overlaySubnet: '100.127.255.192/26' })).toThrow('free addresses');
  });
});

describe('the free licence', () => {
  it('is signed by the built-in authority and fits its own subnet', () => {
    const free = readFileSync(new URL('../../licenses/free.license', import.meta.url), 'utf8');
    const { payload, text } = verifyLicense(free, [BUILT_IN_AUTHORITY], now);
    expect(text).toBe(free);
    expect(payload).toMatchObject({ controllers: 10, clients: 100, expiresAt: null, customAddressing: true });
    const { controllers, clients } = defaultAddressing({
      ...payload,
      overlaySubnet: payload.overlaySubnet as Cidr,
    });
    expect([controllers.length, clients.length]).toEqual([10, 100]);
  });
});

describe('authorities', () => {
  it('come from the directory, in addition to the built-in one', () => {
    const dir = mkdtempSync(join(tmpdir(), 'authorities-'));
    expect(loadAuthorities(join(dir, 'missing'))).toEqual([BUILT_IN_AUTHORITY]);
    writeFileSync(join(dir, 'own.pem'), authority.publicKeyPem);
    writeFileSync(join(dir, 'notes.txt'), 'not a key');
    expect(loadAuthorities(dir).map((a) => a.fingerprint)).toEqual([
      BUILT_IN_AUTHORITY.fingerprint,
      authority.fingerprint,
    ]);
    expect(parseLicense(text).payload.authority).toBe(authority.fingerprint);
    writeFileSync(join(dir, 'private.pem'), authority.privateKeyPem);
    expect(() => loadAuthorities(dir)).toThrow('private.pem is not an Ed25519 public key');
  });
});
