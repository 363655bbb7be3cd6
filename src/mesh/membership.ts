import type { Keyset } from '../keyset/keyset.ts';
import { JoinRows } from './join-rows.ts';
import { MemberChannel } from './member-channel.ts';
import type { Mesh } from './mesh.ts';
import type { Records } from './records.ts';
import { Replicator } from './replicator.ts';
import { SelfRecord } from './self-record.ts';

/**
 * Runs what a member of a topology runs beside the tunnels: replication of shared records and its own entry in
 * them. Starts when this controller has keyset and id, and starts again when either changes.
 */
export class Membership {
  readonly #mesh: Mesh;
  readonly #records: Records;
  readonly #selfRecord: SelfRecord;
  readonly #joinRows: JoinRows;
  readonly #reachable = new Set<number>();
  #replicator: Replicator | null = null;
  #running = '';

  constructor(mesh: Mesh, records: Records) {
    this.#mesh = mesh;
    this.#records = records;
    this.#selfRecord = new SelfRecord(mesh, records);
    this.#joinRows = new JoinRows(mesh.parts.db, mesh, records);
    mesh.onChange(() => this.#greetReturned());
  }

  start(): void {
    this.#selfRecord.start();
    this.#joinRows.start();
    this.update();
  }

  stop(): void {
    this.#selfRecord.stop();
    this.#replicator?.stop();
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
    this.#running = wanted;
    if (!keyset || !own) return;
    const channel = new MemberChannel(identityOf(keyset, own.id), own.address, this.#records);
    this.#replicator = new Replicator(channel, this.#records, () => this.#others());
    this.#replicator.start();
    this.#selfRecord.publish();
    this.#joinRows.applyNew();
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
