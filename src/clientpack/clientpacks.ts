import type { Observed } from '../desired/observed.ts';
import { MeshwrightError } from '../errors/catalogue.ts';
import type { Keyset } from '../keyset/keyset.ts';
import type { MemberLine } from '../mesh/member-line.ts';
import type { MemberRequests } from '../mesh/member-requests.ts';
import type { Records } from '../mesh/records.ts';
import { type Cidr, type Ipv4, parseCidr } from '../net/ipv4.ts';
import { renderPack } from '../render/pack.ts';
import type { Database } from '../store/database.ts';
import type { Addressing } from '../topology/addressing.ts';
import { clientOrder } from '../topology/client-order.ts';
import type { ControllerId } from '../topology/controller-id.ts';
import { type Ula, ulaOf } from '../topology/overlay-ipv6.ts';
import { type AttachedClient, ClientDirectory } from './client-directory.ts';
import { ClientHistory } from './client-history.ts';
import type { ClientRemote, PackFile, PackKind } from './client-intent.ts';
import { ControllerLoads } from './controller-loads.ts';
import type { HeldClient } from './held-client.ts';
import type { Pack } from './pack.ts';
import { PackBook } from './pack-book.ts';
import { PackFiles } from './pack-files.ts';
import { PackHomes } from './pack-homes.ts';
import { packInput } from './pack-input.ts';
import { PackMaker } from './pack-maker.ts';
import { PackService } from './pack-service.ts';
import { PackSharing } from './pack-sharing.ts';

/** Changes within this time reach the data plane together. */
const COALESCE_MS = 20;
/** A holder may have many sessions to end, each of which is told first; the API's own callers wait ten seconds. */
const CUT_WITHIN_MS = 8000;

export interface ClientpacksParts {
  readonly db: Database;
  readonly records: Records;
  readonly line: MemberLine;
  readonly requests: MemberRequests;
  addressing(): Addressing | null;
  capacity(): number | null;
  keyset(): Keyset | null;
  observed(): Observed | null;
  /** Clients that are attached to this controller. */
  attached(): readonly HeldClient[];
  /** Ends the sessions of clients that are attached here; they may come back at once. */
  cut(addresses: readonly Ipv4[]): Promise<void>;
  /** What the compiler reads of this has changed. */
  onIntent(): void;
}

/** A controller that packs name, and its share of new clients. */
interface WeightedRemote extends ClientRemote {
  readonly weight: number;
}

interface Edition {
  readonly addressing: Addressing | null;
  readonly controllers: readonly WeightedRemote[];
  readonly edition: string;
}

/** Everything about overlay clients, wired. Each part decides its own matters. */
export class Clientpacks {
  readonly book: PackBook;
  readonly service: PackService;
  readonly homes: PackHomes;
  readonly maker: PackMaker;
  readonly files: PackFiles;
  readonly loads: ControllerLoads;
  readonly directory: ClientDirectory;
  readonly history: ClientHistory;
  readonly #parts: ClientpacksParts;
  readonly #sharing: PackSharing;
  #edition: Edition | null = null;
  #pending: NodeJS.Timeout | null = null;
  #intent = '';

  constructor(parts: ClientpacksParts) {
    const { db, records, line, requests } = parts;
    this.#parts = parts;
    records.onChange(() => {
      this.#edition = null;
      this.#pending ??= setTimeout(() => this.#tell(), COALESCE_MS);
    });
    this.book = new PackBook(parts);
    this.service = new PackService(this.book);
    this.homes = new PackHomes(this.book, line, requests);
    this.#sharing = new PackSharing(this.book, line);
    this.maker = new PackMaker(this.book, line);
    this.loads = new ControllerLoads(records, line, () =>
      (parts.addressing()?.controllers ?? []).map(({ id }) => id),
    );
    this.files = new PackFiles({
      render: (kind, pack, remotes) => this.#render(kind, pack, remotes),
      remotes: ({ address }) => this.remotesOf(address),
      edition: () =>
        JSON.stringify([this.controllers(), parts.addressing()?.subnet, parts.addressing()?.vip]),
    });
    this.directory = new ClientDirectory({
      line,
      requests,
      addressing: parts.addressing,
      routes: () => parts.observed()?.routes ?? [],
      own: parts.attached,
      isClient: (address) => this.book.find(address) !== null,
    });
    this.history = new ClientHistory(db);
    requests.on('clientCut', async ({ addresses }) => ({ cut: await this.#cutOwn(addresses as Ipv4[]) }));
  }

  start(): void {
    this.maker.start();
    this.#sharing.start();
    this.#pending ??= setTimeout(() => this.#tell(), COALESCE_MS);
  }

  stop(): void {
    if (this.#pending) clearTimeout(this.#pending);
    this.#sharing.stop();
  }

  /** Called after every change of licence, keyset or own id. */
  follow(): void {
    void this.maker.fill();
  }

  /** Called after every observation: who came, moved or went. */
  note(): boolean {
    return this.#parts.observed() !== null && this.history.note(this.directory.holders());
  }

  /** Controllers that packs name: those that are members and said where clients reach them. */
  controllers(): readonly WeightedRemote[] {
    return this.#now().controllers;
  }

  /** Tags, marks and shares change often and mean nothing to the data plane; it is not bothered with them. */
  #tell(): void {
    this.#pending = null;
    this.files.warm(this.book.packs()).catch((error: unknown) => console.error('clientpack files:', error));
    const intent = JSON.stringify([
      this.loads.own().drained,
      this.service
        .clientIntents()
        .map(({ address, enabled, generation, networks, material }) => [
          address,
          enabled,
          generation,
          networks,
          material.wireguard.publicKey,
        ]),
    ]);
    if (intent === this.#intent) return;
    this.#intent = intent;
    this.#parts.onIntent();
  }

  #render(kind: PackKind, pack: Pack, remotes: readonly ClientRemote[]): PackFile[] {
    const addressing = this.#parts.addressing();
    const { material } = pack;
    if (!addressing || !material) throw new MeshwrightError('NOT_LICENSED');
    const input = packInput(
      this.requireKeyset(),
      addressing,
      { ...pack, material },
      remotes,
      this.#networks(),
    );
    return renderPack(kind, input);
  }

  /** Networks behind the controllers, as their records and not as the routes of the moment have them. */
  #networks(): Cidr[] {
    const told = this.#parts.records.all('members').flatMap(({ networks = [] }) => networks);
    return [...new Set(told)]
      .map(parseCidr)
      .filter((cidr): cidr is Cidr => cidr !== null)
      .sort();
  }

  /** The controllers in the order in which this client tries them. */
  remotesOf(address: Ipv4): ClientRemote[] {
    const { addressing, controllers } = this.#now();
    if (!addressing) return [];
    return clientOrder(addressing.subnet, address, controllers).map(({ weight: _, ...remote }) => remote);
  }

  /** Put together once after each change; a list of packs asks a thousand times. */
  #now(): Edition {
    const addressing = this.#parts.addressing();
    if (this.#edition?.addressing === addressing) return this.#edition;
    const { records } = this.#parts;
    const controllers = (addressing?.controllers ?? []).flatMap(({ id, address, asn }) => {
      const host = records.get('members', String(id))?.clientAddress ?? null;
      if (host === null) return [];
      return [{ id, host, overlayAddress: address, asn, weight: this.loads.of(id).weight }];
    });
    const edition = JSON.stringify([controllers, addressing?.subnet, addressing?.vip]);
    this.#edition = { addressing, controllers, edition };
    return this.#edition;
  }

  /** The topology's IPv6 prefix; null when the overlay has no IPv6. */
  ula(): Ula | null {
    const keyset = this.#parts.keyset();
    return keyset && this.#parts.addressing()?.ipv6 ? ulaOf(keyset.uuid) : null;
  }

  /** Brings what was changed to every member that can be reached. */
  async spread(): Promise<void> {
    await this.#parts.line.spread();
  }

  /** Throws without a keyset: there are no packs then. */
  requireKeyset(): Keyset {
    const keyset = this.#parts.keyset();
    if (!keyset) throw new MeshwrightError('KEYSET_MISSING');
    return keyset;
  }

  /** Ends the session of a client wherever it is. False when it is not attached anywhere. */
  async disconnect(address: Ipv4): Promise<boolean> {
    const holder = this.directory.holders().get(address);
    if (holder === undefined) return false;
    try {
      return (await this.#cutAt(holder, [address])).includes(address);
    } catch {
      throw new MeshwrightError('CLIENT_HOLDER_SILENT', { address, holder });
    }
  }

  /** The same for many; returns those whose session was ended. A holder that does not answer keeps its sessions. */
  async disconnectAll(addresses: readonly Ipv4[]): Promise<Ipv4[]> {
    const holders = this.directory.holders();
    const byHolder = Map.groupBy(
      addresses.filter((address) => holders.has(address)),
      (address) => holders.get(address)!,
    );
    const cut = await Promise.all(
      [...byHolder].map(([holder, held]) => this.#cutAt(holder, held).catch((): Ipv4[] => [])),
    );
    return cut.flat();
  }

  async #cutAt(holder: ControllerId, addresses: readonly Ipv4[]): Promise<Ipv4[]> {
    if (holder === this.#parts.line.self()) return this.#cutOwn(addresses);
    const body = { addresses: [...addresses] };
    return (await this.#parts.line.ask('clientCut', holder, body, CUT_WITHIN_MS)).cut as Ipv4[];
  }

  async #cutOwn(addresses: readonly Ipv4[]): Promise<Ipv4[]> {
    const self = this.#parts.line.self();
    const holders = this.directory.holders();
    const own = addresses.filter((address) => holders.get(address) === self);
    if (own.length > 0) await this.#parts.cut(own);
    return own;
  }
}

export type { AttachedClient };
