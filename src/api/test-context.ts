import { Access } from '../access/access.ts';
import { Audit } from '../audit/audit.ts';
import { Clientpacks } from '../clientpack/clientpacks.ts';
import type { HeldClient } from '../clientpack/held-client.ts';
import { testKeyset } from '../clientpack/pack.fixture.ts';
import { ApiPassword } from '../controller/api-password.ts';
import { Names } from '../controller/names.ts';
import { Tasks } from '../controller/tasks.ts';
import type { FirewallCheck } from '../desired/firewall.ts';
import type { Observed } from '../desired/observed.ts';
import { MeshwrightError } from '../errors/catalogue.ts';
import { EngineAway, EngineRefused } from '../firewall/engine.ts';
import { FirewallService } from '../firewall/firewall-service.ts';
import { LogStream } from '../firewall/log-stream.ts';
import { HttpsCertificate } from '../https/https-certificate.ts';
import { IdentityStore } from '../identity/identity-settings.ts';
import { RoleMappings } from '../identity/role-mapping.ts';
import { SingleSignOn } from '../identity/single-sign-on.ts';
import type { Keyset } from '../keyset/keyset.ts';
import { LinkService } from '../links/link-service.ts';
import type { MemberLine } from '../mesh/member-line.ts';
import { MemberRequests } from '../mesh/member-requests.ts';
import { Records } from '../mesh/records.ts';
import type { Cidr, Ipv4 } from '../net/ipv4.ts';
import { PeeringService } from '../peering/peering-service.ts';
import { RouteService } from '../routes/route-service.ts';
import { Database } from '../store/database.ts';
import { type Addressing, defaultAddressing } from '../topology/addressing.ts';
import type { ControllerId } from '../topology/controller-id.ts';
import type { ApiContext } from './context.ts';

export const TEST_PASSWORD = 'a test: password';
export const BASIC = `Basic ${Buffer.from(`api:${TEST_PASSWORD}`).toString('base64')}`;

export const TEST_ADDRESSING = defaultAddressing({
  controllers: 3,
  clients: 5,
  overlaySubnet: '100.127.255.192/26' as Cidr,
  customAddressing: true,
});

/** A controller's insides for tests of the API: real services over a store in memory, and switches for the rest. */
export async function testContext(overrides: Partial<ApiContext> = {}) {
  const db = new Database(':memory:');
  const seen = {
    licensed: true,
    licenseText: '',
    applied: 0,
    restarts: [] as string[],
    defects: [] as { reference: string; error: unknown; request: string }[],
    observed: null as Observed | null,
    up: new Set<number>(),
    /** What the engine says to the next firewalls; null accepts everything. */
    verdict: null as FirewallCheck | Error | null,
    firewallApplied: 0,
    trackingResets: 0,
    keyset: null as Keyset | null,
    attached: [] as HeldClient[],
    cut: [] as Ipv4[],
    clientAddress: null as string | null,
  };
  const addressing = (): Addressing | null => (seen.licensed ? TEST_ADDRESSING : null);
  const apiPassword = new ApiPassword(db);
  await apiPassword.set(TEST_PASSWORD);
  const records = new Records(db);
  const clientpacks = new Clientpacks({
    db,
    records,
    line: loneMember,
    requests: new MemberRequests(),
    addressing,
    capacity: () => addressing()?.clients.length ?? null,
    keyset: () => seen.keyset,
    observed: () => seen.observed,
    attached: () => seen.attached,
    cut: async (addresses) => void seen.cut.push(...addresses),
    onIntent: () => undefined,
  });
  const access = new Access(db, () => null);
  const [identity, roleMappings] = [new IdentityStore(db), new RoleMappings(db)];
  const ctx: ApiContext = {
    license: {
      addressing,
      requireLicensed() {
        if (!seen.licensed) throw new MeshwrightError('NOT_LICENSED');
      },
      show() {
        if (seen.licenseText === '') throw new MeshwrightError('NOT_LICENSED');
        return { finalized: seen.licensed };
      },
      upload(text) {
        if (text === '') throw new MeshwrightError('LICENSE_MALFORMED', { reason: 'it is empty' });
        seen.licenseText = text;
        return { license: 'accepted' };
      },
      upgrade: (text) => ({ license: text }),
      acceptParameters: (parameters) => ({ body: { parameters }, restart: true }),
    },
    keyset: {
      status: () => ({ keyset_present: false, in_progress: false }),
      start(request) {
        if (request.token === undefined) throw new MeshwrightError('ARGUMENT_MISSING', { field: 'token' });
        return { keyset_present: false, in_progress: true, request };
      },
    },
    peering: new PeeringService(db, addressing),
    routes: new RouteService(db, () => addressing()?.subnet ?? null),
    firewall: testFirewall(db, seen),
    firewallLog: new LogStream(),
    syncConflicts: () => [],
    names: new Names(db),
    apiPassword,
    access,
    identity,
    roleMappings,
    singleSignOn: new SingleSignOn({ store: identity, mappings: roleMappings, ...access }),
    audit: new Audit(db),
    certificate: new HttpsCertificate(db, '/nonexistent'),
    tasks: new Tasks(db),
    clientpacks,
    links: new LinkService(db),
    clientAddress: {
      own: () => seen.clientAddress,
      set: (address) => {
        seen.clientAddress = address;
      },
      of: (id) => records.get('members', String(id))?.clientAddress ?? null,
    },
    topologyChecksum: () => 'ab'.repeat(20),
    observed: () => seen.observed,
    linkUp: (peer) => seen.up.has(peer),
    apply: async () => void seen.applied++,
    restart: (reason) => void seen.restarts.push(reason),
    defect: (reference, error, request) => void seen.defects.push({ reference, error, request }),
    meshRoutes: [],
    webRoot: null,
    ...overrides,
  };
  return { ctx, db, seen, records };
}

interface EngineSwitches {
  verdict: FirewallCheck | Error | null;
  firewallApplied: number;
  trackingResets: number;
}

/** The real firewall service in front of an engine that does what a test says. */
function testFirewall(db: Database, seen: EngineSwitches): FirewallService {
  return new FirewallService({
    db,
    engine: {
      async check() {
        if (seen.verdict instanceof Error) throw seen.verdict;
        return seen.verdict;
      },
      async apply() {
        if (seen.verdict instanceof Error) throw new EngineAway(seen.verdict.message);
        if (seen.verdict?.problems.length) throw new EngineRefused(seen.verdict.problems);
        seen.firewallApplied++;
      },
      counters: async () => [],
      resetTracking: async () => void seen.trackingResets++,
    },
    facts: () => ({
      self: 1,
      overlaySubnet: TEST_ADDRESSING.subnet,
      vip: TEST_ADDRESSING.vip,
      underlayAddress: '10.1.0.7',
      controllers: TEST_ADDRESSING.controllers,
      peers: [{ id: 2, address: 'two.example' }],
      clientpacks: [
        { name: 'alice', address: '100.127.255.193', tags: { type: 'person' } },
        { name: 'bob', address: '100.127.255.194', tags: { type: 'person' } },
      ],
    }),
    tell: () => undefined,
  });
}

/** Gives the context a keyset, which takes a moment to make, and a member that packs can name. */
export function giveKeyset({ seen, records }: Pick<TestContext, 'seen' | 'records'>): void {
  seen.keyset = testKeyset(TEST_ADDRESSING.clients);
  records.put('members', '1', {
    id: 1,
    instance: 7,
    name: 'one',
    address: '192.0.2.1',
    clientAddress: 'one.example.net',
  });
}

export type TestContext = Awaited<ReturnType<typeof testContext>>;

const loneMember: MemberLine = {
  self: () => 1 as ControllerId,
  reachable: () => [],
  ask: () => Promise.reject(new Error('there is nobody')),
  meet: async () => undefined,
  spread: async () => [],
};

export function testObserved(): Observed {
  return {
    at: Date.now(),
    appliedDigest: null,
    lastError: null,
    engines: [],
    links: [],
    clients: [],
    routes: [
      { cidr: '10.2.0.0/16', via: 3, path: [65003, 65002], best: true, since: null, communities: [] },
      { cidr: '10.2.0.0/16', via: 2, path: [65002], best: false, since: null, communities: [] },
      { cidr: '100.127.255.252/32', via: 2, path: [65002], best: true, since: null, communities: [] },
    ],
    interfaces: [
      { name: 'lo', up: true, mtu: 65536, addresses: [{ address: '127.0.0.1', prefixLength: 8 }] },
      { name: 'eth0', up: true, mtu: 1500, addresses: [{ address: '10.1.0.7', prefixLength: 24 }] },
      { name: 'mw2', up: true, mtu: 1420, addresses: [{ address: '169.254.195.4', prefixLength: 31 }] },
      { name: 'eth1', up: false, mtu: 1500, addresses: [] },
    ],
    defaultGateway: '10.1.0.1',
    primaryAddress: '10.1.0.7',
    cpuIdle: 0.9,
  } as Observed;
}
