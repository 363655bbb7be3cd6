import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { selfSignedCertificate } from '../api/self-signed.ts';
import { certify, newIdentity } from './certificate.ts';
import { oid, time } from './der.ts';
import { clientName, memberName, newMaterial } from './material.ts';

describe('certificates', () => {
  const material = newMaterial(['100.127.255.193'], new Date('2026-03-01T12:00:00Z'));
  const memberCa = new X509Certificate(material.memberCa.certificate);
  const clientCa = new X509Certificate(material.clientCa.certificate);
  const client = new X509Certificate(material.clients[0]!.certificate);

  it('are what OpenSSL reads for all ten members', () => {
    expect(material.members.map((m) => m.id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for (const { id, certificate, privateKey } of material.members) {
      const cert = new X509Certificate(certificate);
      expect(cert.verify(memberCa.publicKey)).toBe(true);
      expect(cert.checkIssued(memberCa)).toBe(true);
      expect(cert.checkPrivateKey(createPrivateKey(privateKey))).toBe(true);
      expect(cert.checkHost(memberName(id))).toBe(memberName(id));
      expect(cert.subject).toBe(`CN=${memberName(id)}`);
      expect(cert.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.1']);
      expect(cert.ca).toBe(false);
    }
    expect(memberCa.ca).toBe(true);
  });

  it('keep clients apart from members', () => {
    expect(client.subject).toBe(`CN=${clientName('100.127.255.193')}`);
    expect(client.verify(clientCa.publicKey)).toBe(true);
    expect(client.verify(memberCa.publicKey)).toBe(false);
    expect(client.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
  });

  it('start a day before and last for twenty years', () => {
    expect(client.validFromDate.toISOString()).toBe('2026-02-28T12:00:00.000Z');
    expect(client.validToDate.getUTCFullYear()).toBe(2046);
  });

  it('have years beyond 2049 in the form that those need', () => {
    expect(time(new Date('2049-12-31T23:59:59Z')).subarray(2).toString()).toBe('491231235959Z');
    expect(time(new Date('2050-01-01T00:00:00Z')).subarray(2).toString()).toBe('20500101000000Z');
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const request = {
      commonName: 'x',
      role: 'ca',
      days: 20_000,
      now: new Date('2026-01-01T00:00:00Z'),
    } as const;
    const cert = new X509Certificate(certify(request, publicKey, { commonName: 'x', key: privateKey }));
    expect(cert.validToDate.getUTCFullYear()).toBe(2080);
  });

  it('write object identifiers with large arcs', () => {
    expect(oid('1.2.840.113549').toString('hex')).toBe('06062a864886f70d');
  });

  it('have serial numbers of their own', () => {
    const serials = Array.from({ length: 20 }, () =>
      newIdentity({ commonName: 'x', role: 'client', days: 1 }),
    );
    expect(
      new Set(serials.map(({ certificate }) => new X509Certificate(certificate).serialNumber)).size,
    ).toBe(20);
  });
});

describe('the self-signed certificate of the API', () => {
  it('names hosts and addresses of both families', async () => {
    const { cert, key } = await selfSignedCertificate(['meshwright', '10.0.0.1', '2001:db8::5']);
    const parsed = new X509Certificate(cert);
    expect(parsed.subjectAltName).toBe(
      'DNS:meshwright, IP Address:10.0.0.1, IP Address:2001:DB8:0:0:0:0:0:5',
    );
    expect(parsed.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(parsed.verify(parsed.publicKey)).toBe(true);
    expect(parsed.checkIP('10.0.0.1')).toBe('10.0.0.1');
  });
});
