import type { Keyset } from '../keyset/keyset.ts';
import type { HeardReport } from '../observe/far-links.ts';
import { JoinRows } from './join-rows.ts';
import { LinkReports } from './link-reports.ts';
import { MemberChannel } from './member-channel.ts';
import type { Mesh } from './mesh.ts';
import type { Records } from './records.ts';
import { Replicator } from './replicator.ts';
import { SelfRecord } from './self-record.ts';

/**
 * Runs what a member of a topology runs beside the tunnels: replication of shared records, its own entry in them,
 * and reports of links. Starts when this controller has keyset and id, and starts again when either changes.
 */
export class Membership {
  readonly #mesh: Mesh;
  readonly #records: Records;
  readonly #selfRecord: SelfRecord;
  readonly #joinRows: JoinRows;
  readonly #reports: LinkReports;
  readonly #reachable = new Set<number>();
  #channel: MemberChannel | null = null;
  #replicator: Replicator | null = null;
  #running = '';

  constructor(mesh: Mesh, records: Records) {
    this.#mesh = mesh;
    this.#records = records;
    this.#selfRecord = new SelfRecord(mesh, records);
    this.#joinRows = new JoinRows(mesh.parts.db, mesh, records);
    this.#reports = new LinkReports(mesh);
    mesh.onChange(() => {
      this.#greetReturned();
      this.#reportLinks();
    });
  }

  /** What other members last said about their links. */
  get heard(): ReadonlyMap<number, HeardReport> {
    return this.#reports.heard;
  }

  start(): void {
    this.#selfRecord.start();
    this.#joinRows.start();
    this.update();
  }

  stop(): void {
    this.#selfRecord.stop();
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
    const channel = new MemberChannel(identityOf(keyset, own.id), own.address, this.#records);
    channel.serve('/links', (from, report) => {
      this.#reports.take(from, report);
      return {};
    });
    this.#channel = channel;
    this.#replicator = new Replicator(channel, this.#records, () => this.#others());
    this.#replicator.start();
    this.#selfRecord.publish();
    this.#joinRows.applyNew();
  }

  #reportLinks(): void {
    const channel = this.#channel;
    if (!channel) return;
    const addressOf = (id: number) => this.#others().find((other) => other.id === id)?.overlayAddress ?? '';
    const members = () =>
      this.#others()
        .map(({ id }) => id)
        .filter((id) => this.#mesh.reaches(id));
    this.#reports.follow(members, (id, report) => channel.post(id, addressOf(id), '/links', report));
  }

  #others(): { id: number; overlayAddress: string }[] {
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

function identityOf(keyset: Keyset, id: number) {
  const material = keyset.members.find((member) => member.id === id);
  if (!material) throw new Error(`the keyset has no identity for controller ${id}`);
  return { id, cert: material.certificate, key: material.privateKey, ca: keyset.memberCa.certificate };
}
