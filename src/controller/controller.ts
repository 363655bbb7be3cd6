import { randomUUID } from 'node:crypto';
import { Access } from '../access/access.ts';
import type { ApiContext } from '../api/context.ts';
import type { ApiListener } from '../api/listener.ts';
import { nativeRoutes } from '../api/mesh-routes.ts';
import type { NativeContext } from '../api/native-context.ts';
import { Audit } from '../audit/audit.ts';
import { Clientpacks } from '../clientpack/clientpacks.ts';
import { FirewallService } from '../firewall/firewall-service.ts';
import { LogStream } from '../firewall/log-stream.ts';
import { MeshSync } from '../firewall/mesh-sync.ts';
import { storedCertificate } from '../https/certificate-files.ts';
import { HttpsCertificate } from '../https/https-certificate.ts';
import { IdentityStore } from '../identity/identity-settings.ts';
import { RoleMappings } from '../identity/role-mapping.ts';
import { SingleSignOn } from '../identity/single-sign-on.ts';
import { ExchangeAttempts } from '../keyset/exchange-attempts.ts';
import { KeysetExchangeServer } from '../keyset/exchange-server.ts';
import { KeysetService } from '../keyset/keyset-service.ts';
import { loadAuthorities } from '../license/authority.ts';
import { LicenseService } from '../license/license-service.ts';
import { LinkService } from '../links/link-service.ts';
import { JoinIssuer } from '../mesh/join-issuer.ts';
import { Joiner } from '../mesh/joiner.ts';
import { Membership } from '../mesh/membership.ts';
import { Mesh } from '../mesh/mesh.ts';
import { Records } from '../mesh/records.ts';
import { buildStatus, buildSummary } from '../observe/build-status.ts';
import { diagnosticBundle } from '../observe/diagnostics.ts';
import { examine } from '../observe/doctor.ts';
import { EventLog } from '../observe/event-log.ts';
import { LinkHistory, linkSamples } from '../observe/history.ts';
import { paths } from '../paths.ts';
import { LookUp } from '../peering/look-up.ts';
import { PeeringService } from '../peering/peering-service.ts';
import { RouteService } from '../routes/route-service.ts';
import { Database } from '../store/database.ts';
import { Setting } from '../store/settings.ts';
import { VERSION } from '../version.ts';
import { ApiPassword } from './api-password.ts';
import { ApplierClient } from './applier-client.ts';
import { applierFirewall } from './firewall-engine.ts';
import { localNetworks } from './local-networks.ts';
import { Names } from './names.ts';
import { Tasks } from './tasks.ts';
import { Topology } from './topology.ts';
import { variableFacts } from './variable-facts.ts';

/** Wires the parts of the unprivileged process to each other. It decides nothing by itself. */
export class Controller {
  readonly apiPassword: ApiPassword;
  readonly #db: Database;
  readonly #access: Access;
  readonly #license: LicenseService;
  readonly #keyset: KeysetService;
  readonly #topology: Topology;
  readonly #peering: PeeringService;
  readonly #routes: RouteService;
  readonly #names: Names;
  readonly #audit: Audit;
  readonly #certificate: HttpsCertificate;
  readonly #identity: IdentityStore;
  readonly #roleMappings: RoleMappings;
  readonly #singleSignOn: SingleSignOn;
  readonly #tasks: Tasks;
  readonly #events: EventLog;
  readonly #applier: ApplierClient;
  readonly #mesh: Mesh;
  readonly #firewall: FirewallService;
  readonly #firewallLog = new LogStream();
  readonly #sync: MeshSync;
  readonly #history: LinkHistory;
  readonly #lookUp = new LookUp();
  readonly #records: Records;
  readonly #membership: Membership;
  readonly #clientpacks: Clientpacks;
  readonly #exchange: KeysetExchangeServer;
  readonly #issuer: JoinIssuer;
  readonly #joiner: Joiner;
  readonly #startedAt = Date.now();
  #listener: ApiListener | null = null;

  constructor(databasePath: string) {
    const db = new Database(databasePath);
    this.#db = db;
    this.apiPassword = new ApiPassword(db);
    this.#access = new Access(db, () => storedCertificate(paths.controllerState));
    this.#license = new LicenseService(db, () => loadAuthorities(paths.authorities));
    this.#keyset = new KeysetService({ db, license: this.#license, onFetched: () => this.#completeFetch() });
    this.#topology = new Topology(this.#license, this.#keyset);
    this.#peering = new PeeringService(db, () => this.#topology.addressing());
    this.#routes = new RouteService(db, () => this.#topology.addressing()?.subnet ?? null);
    this.#names = new Names(db);
    this.#audit = new Audit(db);
    this.#identity = new IdentityStore(db);
    this.#roleMappings = new RoleMappings(db);
    this.#singleSignOn = new SingleSignOn({
      store: this.#identity,
      mappings: this.#roleMappings,
      ...this.#access,
    });
    this.#certificate = new HttpsCertificate(db, paths.controllerState);
    this.#tasks = new Tasks(db);
    this.#events = new EventLog(db);
    this.#applier = new ApplierClient(paths.applierSocket, {
      onEvent: (event) => {
        if (event.packet) return this.#firewallLog.add(event.at, event.packet);
        if (event.event === 'bfd' && event.state === 'Down') this.#mesh.lost(event.peer);
        this.#mesh.refresh();
      },
      onConnect: () => {
        this.#mesh.apply().catch(() => undefined);
        // A controller without a topology has nothing to apply, but a machine to show.
        this.#mesh.refresh();
      },
    });
    this.#firewall = new FirewallService({
      db,
      engine: applierFirewall(this.#applier, () => this.#mesh),
      facts: () => variableFacts(this.#mesh, this.#clientpacks.book.packs()),
      tell: (kind, text) => this.#events.add(kind, null, text),
    });
    const instance = instanceOf(db);
    this.#mesh = new Mesh({
      db,
      names: this.#names,
      peering: this.#peering,
      routes: this.#routes,
      events: this.#events,
      applier: this.#applier,
      instance,
      firewall: () => this.#firewall.desired(),
      handOutFirewall: () => this.#firewall.handOut(),
      addressing: () => this.#topology.addressing(),
      keyset: () => this.#keyset.keyset(),
      checksum: () => this.#topology.checksum(),
      clients: () => this.#clientpacks.service.clientIntents(),
      drained: () => this.#clientpacks.loads.own().drained,
    });
    this.#history = new LinkHistory(db);
    this.#mesh.onChange(() => this.#history.note(linkSamples(this.#mesh)));
    this.#license.localNetworks = () => localNetworks(this.#mesh.observed);
    this.#records = new Records(db);
    this.#sync = new MeshSync({
      db,
      records: this.#records,
      firewall: this.#firewall,
      self: () => (this.#keyset.keyset() ? this.#peering.effective().self : null),
      tell: (text) => this.#events.add('firewall_sync', null, text),
    });
    this.#membership = new Membership(this.#mesh, this.#records);
    this.#clientpacks = new Clientpacks({
      db,
      records: this.#records,
      line: this.#membership,
      requests: this.#membership.requests,
      addressing: () => this.#topology.addressing(),
      capacity: () => this.#topology.capacity()?.clients ?? null,
      keyset: () => this.#keyset.keyset(),
      observed: () => (this.#mesh.isStale ? null : this.#mesh.observed),
      attached: () =>
        (this.#mesh.observed?.clients ?? []).map(({ endpoint, epoch: _, ...client }) => ({
          ...client,
          underlay: endpoint,
        })),
      cut: (addresses) => this.#applier.disconnect(addresses),
      onIntent: () => void this.#mesh.apply().catch(() => undefined),
    });
    this.#mesh.onChange(() => this.#clientpacks.note());
    // Tags of packs are variables of the firewall.
    this.#records.onChange(() => this.#firewall.follow());
    const bundle = () => this.#keyset.bundle();
    this.#exchange = new KeysetExchangeServer({ bundle, attempts: new ExchangeAttempts(db) });
    this.#issuer = new JoinIssuer(db, this.#mesh, this.#records, () => {
      return { format: 1, version: VERSION, time: Date.now(), ...bundle() };
    });
    this.#joiner = new Joiner({
      keyset: this.#keyset,
      peering: this.#peering,
      records: this.#records,
      instance,
      setClientAddress: (address) => this.#membership.selfRecord.setClientAddress(address),
    });
    const follow = () => void this.#apply().catch(() => undefined);
    this.#license.onChange.push(follow);
    this.#keyset.onChange.push(follow);
    this.#keyset.onChange.push(failureLog(this.#keyset));
  }

  attach(listener: ApiListener): void {
    this.#listener = listener;
    this.#certificate.onInstall = ({ cert, key }) => listener.setCertificate(cert, key);
    listener.on('trouble', (error) => console.error('API listener:', error));
  }

  start(): void {
    this.#applier.start();
    this.#mesh.start();
    this.#firewall.start();
    this.#membership.start();
    this.#sync.start();
    this.#clientpacks.start();
    this.#access.start();
    this.#history.start();
    this.#events.add('controller_started', null, 'The controller process started.');
  }

  stop(): void {
    this.#access.stop();
    this.#history.stop();
    this.#sync.stop();
    this.#firewall.stop();
    this.#clientpacks.stop();
    this.#membership.stop();
    this.#mesh.stop();
    this.#applier.stop();
    this.#exchange.close();
    this.#db.close();
  }

  apiContext(webRoot: string | null): ApiContext {
    return {
      license: this.#topology.licenseApi(),
      keyset: this.#keyset,
      peering: this.#peering,
      routes: this.#routes,
      firewall: this.#firewall,
      firewallLog: this.#firewallLog,
      syncConflicts: () => this.#sync.conflicts(),
      names: this.#names,
      apiPassword: this.apiPassword,
      access: this.#access,
      audit: this.#audit,
      certificate: this.#certificate,
      identity: this.#identity,
      roleMappings: this.#roleMappings,
      singleSignOn: this.#singleSignOn,
      tasks: this.#tasks,
      clientpacks: this.#clientpacks,
      links: new LinkService(this.#db),
      clientAddress: {
        own: () => this.#membership.selfRecord.clientAddress(),
        set: (address) => this.#membership.selfRecord.setClientAddress(address),
        of: (id) => this.#records.get('members', String(id))?.clientAddress ?? null,
      },
      topologyChecksum: () => this.#topology.checksum(),
      observed: () => this.#mesh.observed,
      linkUp: (peer) => this.#mesh.linkUp(peer),
      apply: () => this.#apply(),
      restart: (reason) => void this.#listener?.restart(reason),
      defect: (reference, error, request) => console.error(`defect ${reference} in ${request}:`, error),
      meshRoutes: nativeRoutes(() => this.#native()),
      webRoot,
    };
  }

  async #apply(): Promise<void> {
    this.#membership.update();
    this.#clientpacks.follow();
    await this.#mesh.apply();
  }

  /** A fetched keyset shows as present only while nobody can ask, so that clients see the window they wait for. */
  #completeFetch(): void {
    if (this.#listener) void this.#listener.restart('keyset fetched', () => this.#keyset.completeFetch());
    else this.#keyset.completeFetch();
  }

  #native(): NativeContext {
    return {
      mesh: this.#mesh,
      events: this.#events,
      issuer: this.#issuer,
      joiner: this.#joiner,
      exchange: this.#exchange,
      license: this.#license,
      keyset: this.#keyset,
      history: this.#history,
      lookUp: this.#lookUp,
      status: () => buildStatus(this.#picture()),
      summary: () => buildSummary(this.#picture()),
      doctor: () => examine(this.#mesh, buildStatus(this.#picture()), this.#certificate.standing()),
      diagnostics: () =>
        diagnosticBundle({
          ...this.#native(),
          db: this.#db,
          access: this.#access,
        }),
      helloSecret: () => {
        const keyset = this.#keyset.keyset();
        return keyset ? Buffer.from(keyset.masterSecret, 'base64') : null;
      },
      onRestarting: (listener) => {
        const handler = ({ seconds }: { seconds: number }) => listener(seconds);
        this.#listener?.on('restarting', handler);
        return () => this.#listener?.off('restarting', handler);
      },
    };
  }

  #picture(): Parameters<typeof buildStatus>[0] {
    return {
      mesh: this.#mesh,
      records: this.#records,
      heard: this.#membership.heard,
      licensed: this.#topology.capacity(),
      keyset: this.#keyset.step() ? 'in_progress' : this.#keyset.keyset() ? 'present' : 'absent',
      startedAt: this.#startedAt,
      holders: this.#clientpacks.directory.holders(),
      isDrained: (id) => this.#clientpacks.loads.of(id).drained,
    };
  }
}

/** Writes each failed attempt to get a keyset into the log, once. */
function failureLog(keyset: KeysetService): () => void {
  let told: object | null = null;
  return () => {
    const failure = keyset.failure();
    if (failure && failure !== told) console.error(`keyset: ${failure.message} (${failure.code})`);
    told = failure;
  };
}

/** Tells this machine from any other that may claim the same id; made once, kept for ever. */
function instanceOf(db: Database): string {
  const setting = new Setting<string>(db, 'controller.instance');
  const known = setting.get();
  if (known) return known;
  const made = randomUUID();
  setting.set(made);
  return made;
}
