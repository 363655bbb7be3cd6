import type { Keyset } from '../keyset/keyset.ts';
import type { HeardReport } from '../observe/far-links.ts';
import { pathTo } from '../observe/routes.ts';
import type { ControllerId } from '../topology/controller-id.ts';
import { JoinRows } from './join-rows.ts';
import { LinkReports } from './link-reports.ts';
import { MemberChannel } from './member-channel.ts';
import type { MemberLine } from './member-line.ts';
import { type AnswerTo, type Ask, MemberRequests, type RequestKind } from './member-requests.ts';
import type { Mesh } from './mesh.ts';
import { failureWithin } from './patience.ts';
import type { Records } from './records.ts';
import { Replicator } from './replicator.ts';
import { SelfRecord } from './self-record.ts';

const ASK_TIMEOUT_MS = 3000;
const SPREAD_WITHIN_MS = 1500;

/**
 * Runs what a member of a topology runs beside the tunnels: replication of shared records, its own entry in them,
 * and reports of links. Starts when this controller has keyset and id, and starts again when either changes.
 */
export class Membership implements MemberLine {
  /** What this controller answers when a member asks. */
  readonly requests = new MemberRequests();
  readonly selfRecord: SelfRecord;
  readonly #mesh: Mesh;
  readonly #records: Records;
  readonly #joinRows: JoinRows;
  readonly #reports: LinkReports;
  readonly #reachable = new Set<number>();
  #channel: MemberChannel | null = null;
  #replicator: Replicator | null = null;
  #running = '';

  constructor(mesh: Mesh, records: Records) {
    this.#mesh = mesh;
    this.#records = records;
    this.selfRecord = new SelfRecord(mesh, records);
    this.#joinRows = new JoinRows(mesh.parts.db, mesh, records);
    this.#reports = new LinkReports(mesh);
    this.requests.on('links', (report, from) => {
      this.#reports.take(from, report);
      return {};
    });
    mesh.onChange(() => {
      this.#greetReturned();
      this.#reports.follow(
        () => this.reachable(),
        (id, report) => this.ask('links', id, report),
      );
    });
  }

  /** What other members last said about their links. */
  get heard(): ReadonlyMap<number, HeardReport> {
    return this.#reports.heard;
  }

  start(): void {
    this.selfRecord.start();
    this.#joinRows.start();
    this.update();
  }

  stop(): void {
    this.selfRecord.stop();
    this.#replicator?.stop();
    this.#reports.forget();
  }

  /** Follows a change of keyset, addressing or own id. */
  update(): void {
    const { parts } = this.#mesh;
    const keyset = parts.keyset();
    const { self } = parts.peering.effective();
    const own = parts.addressing()?.controllers.find(({ id }) => id === self);
    const wanted = keyset && own ? `${keyset.uuid} ${own.id} ${own.address}` : '';
    if (wanted === this.#running) return;
    this.#replicator?.stop();
    this.#replicator = null;
    this.#channel = null;
    this.#reports.forget();
    this.#running = wanted;
    if (!keyset || !own) return;
    this.#channel = new MemberChannel(identityOf(keyset, own.id), own.address, this.#records, this.requests);
    this.#replicator = new Replicator(this.#channel, this.#records, () => this.#others());
    this.#replicator.start();
    this.selfRecord.publish();
    this.#joinRows.applyNew();
  }

  self(): ControllerId | null {
    return this.#mesh.parts.peering.effective().self;
  }

  reachable(): ControllerId[] {
    const { observed, parts } = this.#mesh;
    const controllers = parts.addressing()?.controllers ?? [];
    const self = this.self();
    return this.#others()
      .filter(({ id }) => pathTo(observed, controllers, id, self).kind !== 'none')
      .map(({ id }) => id);
  }

  async ask<K extends RequestKind>(
    kind: K,
    id: ControllerId,
    body: Ask<K>,
    timeoutMs = ASK_TIMEOUT_MS,
  ): Promise<AnswerTo<K>> {
    const member = this.#others().find((other) => other.id === id);
    if (!member || !this.#channel) throw new Error(`controller ${id} is no member here`);
    return this.#channel.ask(kind, member, body, timeoutMs);
  }

  async meet(id: ControllerId): Promise<void> {
    await this.#replicator?.meet(id);
  }

  spread(withinMs = SPREAD_WITHIN_MS): Promise<ControllerId[]> {
    return spreadTo(this.reachable(), (id) => this.meet(id), withinMs);
  }

  #others(): { id: ControllerId; overlayAddress: string }[] {
    const { parts } = this.#mesh;
    const { self, rows } = parts.peering.effective();
    return (parts.addressing()?.controllers ?? [])
      .filter(({ id }) => id !== self && rows.some((row) => row.id === id))
      .map(({ id, address }) => ({ id, overlayAddress: address }));
  }

  /** A link that came up may lead to a member with records that we lack, or the other way round. */
  #greetReturned(): void {
    for (const { id } of this.#others()) {
      const isUp = this.#mesh.linkUp(id);
      if (isUp && !this.#reachable.has(id)) this.#replicator?.sync(id);
      if (isUp) this.#reachable.add(id);
      else this.#reachable.delete(id);
    }
  }
}

/** Meets all of them at once and does not wait longer than this for the slow ones. */
export async function spreadTo(
  ids: readonly ControllerId[],
  meet: (id: ControllerId) => Promise<void>,
  withinMs: number,
): Promise<ControllerId[]> {
  const met: ControllerId[] = [];
  const all = Promise.allSettled(ids.map((id) => meet(id).then(() => met.push(id))));
  await failureWithin(
    all.then(() => undefined),
    withinMs,
  );
  return [...met];
}

function identityOf(keyset: Keyset, id: number) {
  const material = keyset.members.find((member) => member.id === id);
  if (!material) throw new Error(`the keyset has no identity for controller ${id}`);
  return { id, cert: material.certificate, key: material.privateKey, ca: keyset.memberCa.certificate };
}
