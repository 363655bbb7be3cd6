import type { Database } from '../store/database.ts';
import { Setting } from '../store/settings.ts';
import type { Mesh } from './mesh.ts';
import type { Records } from './records.ts';

/**
 * Gives a row to every controller that joined, once per join: an operator who removes the row afterwards keeps the
 * last word, and a member that was down finds the join in the records when it is back.
 */
export class JoinRows {
  readonly #mesh: Mesh;
  readonly #records: Records;
  readonly #done: Setting<string[]>;

  constructor(db: Database, mesh: Mesh, records: Records) {
    this.#mesh = mesh;
    this.#records = records;
    this.#done = new Setting(db, 'mesh.joins_done');
  }

  start(): void {
    this.#records.onChange(() => this.applyNew());
    this.applyNew();
  }

  applyNew(): void {
    const { peering } = this.#mesh.parts;
    const { self } = peering.effective();
    if (self === null) return;
    const done = this.#done.get() ?? [];
    const fresh = this.#records
      .all('joins')
      .filter((join) => !done.includes(join.uid))
      .sort((a, b) => a.at - b.at);
    if (fresh.length === 0) return;
    for (const join of fresh) {
      if (join.id === self) continue;
      try {
        peering.addJoined(join.id, { address: join.address, mtu: join.mtu });
      } catch (error) {
        // An id above this controller's licence waits for the licence upgrade; the row can be typed then.
        console.error(`join of controller ${join.id}: ${(error as Error).message}`);
      }
    }
    this.#done.set([...done, ...fresh.map((join) => join.uid)].slice(-200));
    this.#mesh.apply().catch(() => undefined);
  }
}
