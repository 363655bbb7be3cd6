import { request } from 'node:https';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { checkState, parseRequest } from '../../src/applier/border.ts';
import { ClientServer } from '../../src/clientpack/client-server.ts';
import { addressingWith, testKeyset } from '../../src/clientpack/pack.fixture.ts';
import { PackBook } from '../../src/clientpack/pack-book.ts';
import { PackService } from '../../src/clientpack/pack-service.ts';
import { compile } from '../../src/compile/compile.ts';
import { sampleIntent } from '../../src/compile/sample-intent.ts';
import { newIdentity } from '../../src/keyset/certificate.ts';
import { newClients } from '../../src/keyset/material.ts';
import { MemberChannel } from '../../src/mesh/member-channel.ts';
import { MemberRequests } from '../../src/mesh/member-requests.ts';
import { Records } from '../../src/mesh/records.ts';
import { MEMBER_PORT } from '../../src/paths.ts';
import { Database } from '../../src/store/database.ts';
import type { ControllerId } from '../../src/topology/controller-id.ts';
import { attack, stringPaths, withValue } from '../unit/hostile-text.ts';

/** Class 12: whoever is no member does not get into the members' channel, and what a bad member writes stops nobody. */
const SELF = 2 as ControllerId;
const addressing = addressingWith(6);
const keyset = testKeyset(addressing.clients);
const [first, second, third] = keyset.clients;
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

describe('the channel between members', () => {
  const address = '127.77.91.1';
  const ca = keyset.memberCa.certificate;
  const client = { cert: first!.certificate, key: first!.privateKey };
  const member = keyset.members[2]!;
  const forged = newIdentity({
    commonName: 'controller-3.mesh.meshwright.internal',
    role: 'member',
    days: 9,
  });

  async function listening() {
    const records = new Records(new Database(':memory:'));
    const own = keyset.members[0]!;
    const identity = { id: 1, cert: own.certificate, key: own.privateKey, ca };
    const channel = new MemberChannel(identity, address, records, new MemberRequests());
    channel.start();
    ends.push(() => channel.stop());
    await expect
      .poll(() => post('/ask/ping', {}, { cert: member.certificate, key: member.privateKey }), {
        timeout: 30_000,
      })
      .toBe('200 {}');
    return records;
  }
  const post = (path: string, body: unknown, identity: object) =>
    new Promise<string>((resolve) => {
      const options = { host: address, port: MEMBER_PORT, path, method: 'POST', rejectUnauthorized: false };
      const call = request({ ...options, ...identity, agent: false }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        answer.on('end', () => resolve(`${answer.statusCode} ${text}`)).on('error', () => resolve('cut off'));
      });
      call.on('error', () => resolve('cut off'));
      call.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  const update = Buffer.from(updateOf({ packStates: { x: { address: first!.address, enabled: false } } }));
  const sync = { stateVector: 'AA==', update: update.toString('base64') };

  it.each([
    ['nobody', {}],
    ['a client of the overlay', client],
    ['a certificate that somebody signed himself', { cert: forged.certificate, key: forged.privateKey }],
    ['a member in an older TLS', { cert: member.certificate, key: member.privateKey, maxVersion: 'TLSv1.2' }],
  ])('class 12: is closed to %s', async (_, identity) => {
    const records = await listening();
    for (const path of ['/records', '/ask/ping'])
      expect(await post(path, path === '/records' ? sync : {}, identity)).toBe('cut off');
    expect(records.all('packStates')).toEqual([]);
  });

  it('class 12: refuses what no member would send, and goes on', async () => {
    const records = await listening();
    const identity = { cert: member.certificate, key: member.privateKey };
    for (const [path, body] of [
      ['/records', '{'],
      ['/records', { stateVector: 7 }],
      ['/records', { stateVector: 'AA==', update: Buffer.from('no update at all').toString('base64') }],
      ['/records', { stateVector: 'AA==', update: 'A'.repeat(26 << 20) }],
      ['/ask/constructor', {}],
      ['/ask/clientCut', { addresses: ['1.2.3.4\nkill all'] }],
      ['/ask/__proto__', {}],
    ] as const) {
      expect([path, await post(path, body, identity)]).toEqual([
        path,
        expect.stringMatching(/^(400|cut off)/),
      ]);
    }
    expect(records.all('packStates')).toEqual([]);
    expect(await post('/records', sync, identity)).toMatch(/^200 /);
    expect(records.all('packStates')).toHaveLength(1);
  });
});

type Content = Record<string, Record<string, unknown>>;

/** An update of a member whose software checks nothing. */
function updateOf(content: Content): Uint8Array {
  const doc = new Y.Doc();
  for (const [kind, entries] of Object.entries(content))
    for (const [key, value] of Object.entries(entries)) doc.getMap(kind).set(key, value);
  return Y.encodeStateAsUpdate(doc);
}

const server = new ClientServer(new Database(':memory:'));

/** What this controller would have the applier do after it took such an update in. */
function stateAfter(content: Content) {
  const db = new Database(':memory:');
  const records = new Records(db);
  records.merge(updateOf(content));
  const capacity = () => 6;
  const book = new PackBook({ records, addressing: () => addressing, capacity, keyset: () => keyset });
  const packs = new PackService(book).clientIntents();
  const { subnet, vip, controllers } = addressing;
  const clients = server.intent(keyset, SELF, packs, false, 20);
  const state = compile({ ...sampleIntent(), self: SELF, overlaySubnet: subnet, vip, controllers, clients });
  db.close();
  return state;
}
const reaches = (content: Content) => {
  const state = stateAfter(content);
  parseRequest(JSON.stringify({ seq: 1, op: 'apply', state }));
  checkState(state);
  return state.clients!.list;
};
const credentials = (change: object, generation = 1) => {
  const material = { ...newClients(keyset, [second!.address], new Date())[0]!, ...change };
  return { packCredentials: { [`${second!.address} 1`]: { generation, material } } };
};
const grants = (...networks: string[]) => ({
  packGrants: { x: { address: second!.address, networks } },
});
/** The same 32 bytes for a careless reader: bits that nobody reads are set. */
const loose = (key: string) => `${key.slice(0, 42)}${String.fromCharCode(key.charCodeAt(42) + 1)}=`;
const before = reaches({});

describe('what a member writes down', () => {
  it('class 12: credentials of a good member are taken', () => {
    const key = reaches(credentials({})).find(({ address }) => address === second!.address)!.wireguardKey;
    expect(key).not.toBe(second!.wireguard.publicKey);
  });

  it.each<[string, Content]>([
    [
      'a key with bits to spare',
      credentials({ wireguard: { ...second!.wireguard, publicKey: loose(second!.wireguard.publicKey) } }),
    ],
    [
      'a private key with bits to spare',
      credentials({ wireguard: { ...second!.wireguard, privateKey: loose(second!.wireguard.privateKey) } }),
    ],
    ['the key of another client', credentials({ wireguard: first!.wireguard })],
    [
      'a certificate of somebody else',
      credentials({ certificate: `-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n` }),
    ],
    ['a generation that never ends', credentials({}, Number.MAX_SAFE_INTEGER)],
    ['credentials for nobody', credentials({ address: '999.999.999.999' })],
    ['a network of our own links', grants('169.254.224.0/20')],
    ['everything', grants('0.0.0.0/0')],
    ['the overlay', grants('100.127.255.192/27')],
    ['loopback', grants('127.0.0.0/8')],
    ['what is no network', grants('10.1.2.3/8', '999.1.1.0/24', '10.1.0.0/33')],
    [
      'a client that is a controller',
      { packAdditions: { x: { address: addressing.controllers[0]!.address, at: 1 } } },
    ],
    ['a client outside of the overlay', { packAdditions: { x: { address: '10.0.0.1', at: 1 } } }],
    ['more clients than were paid for', { packAdditions: { x: { address: '100.127.255.240', at: 1 } } }],
  ])('class 12: %s changes nothing', (_, content) => {
    expect(reaches(content)).toEqual(before);
  });

  it('class 12: a network twice, or that of another client, is granted once', () => {
    const granted = reaches(grants('10.9.0.0/24', '10.9.0.0/24', '10.9.0.0/16'));
    expect(granted.flatMap(({ networks }) => networks)).toEqual(['10.9.0.0/24']);
    const both = ['10.9.0.0/24'].flatMap((network) =>
      [second!, third!].map(({ address }) => ({ address, networks: [network] })),
    );
    const shared = reaches({ packGrants: Object.fromEntries(both.map((one, at) => [`${at}`, one])) });
    expect(shared.flatMap(({ networks }) => networks)).toEqual(['10.9.0.0/24']);
  });

  it('class 12: no text in any record keeps the border from taking what follows', () => {
    const address = second!.address;
    const sample: Content = {
      ...credentials({}),
      packGrants: { a: { address, networks: ['10.9.0.0/24', '10.10.0.0/24'] } },
      packStates: { a: { address, enabled: true } },
      packTags: { a: { address, key: 'site', value: 'north' } },
      packAdditions: { a: { address: '100.127.255.230', at: 1 } },
      packHomes: { a: { address, home: 3 } },
    };
    fc.assert(
      fc.property(fc.constantFrom(...stringPaths(sample)), attack, (path, change) => {
        expect(reaches(withValue(sample, path, change)).length).toBeGreaterThanOrEqual(before.length - 1);
      }),
      { numRuns: 150 },
    );
  });
});
