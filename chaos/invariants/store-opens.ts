import { DatabaseSync } from 'node:sqlite';
import type { Invariant } from '../evidence.ts';

/** SQLite finds nothing wrong with any store, read beside the controller that has it open. */
export const storeOpens: Invariant = {
  name: 'store opens',
  check: ({ lab }) =>
    lab.plans.flatMap(({ id, directory }) => {
      try {
        const store = new DatabaseSync(`${directory}/lib/meshwright/controller.db`, { readOnly: true });
        const rows = store.prepare('PRAGMA quick_check').all() as { quick_check: string }[];
        store.close();
        return rows
          .filter(({ quick_check }) => quick_check !== 'ok')
          .map(({ quick_check }) => `controller ${id}: ${quick_check}`);
      } catch (error) {
        return [`controller ${id}: ${(error as Error).message}`];
      }
    }),
};
