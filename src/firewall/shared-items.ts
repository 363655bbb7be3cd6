import type { SharedSchema, Version } from '../mesh/shared-schema.ts';

export type ItemKind = 'firewallSets' | 'firewallVariables' | 'firewallGroups';
export type ItemRecord<K extends ItemKind = ItemKind> = SharedSchema[K];

/** Two members changed the same item without knowing of each other; one of the changes is not in force. */
export interface SyncConflict {
  readonly kind: ItemKind;
  readonly name: string;
  readonly winner: Version;
  readonly loser: Version;
}

export const compareVersions = (a: Version, b: Version): number => a.at - b.at || a.by - b.by;

/** Records of one item under one key; names are the same whatever their case. */
export function byName<K extends ItemKind>(records: readonly ItemRecord<K>[]): Map<string, ItemRecord<K>[]> {
  return Map.groupBy(records, ({ name }) => name.toLowerCase());
}

/** The stated rule: the latest change wins, of two at the same time that of the higher controller id. */
export function winnerOf<K extends ItemKind>(records: readonly ItemRecord<K>[]): ItemRecord<K> {
  return records.reduce((best, each) => (compareVersions(each, best) > 0 ? each : best));
}

/** What the winner overrode unseen: any version that is later than the one it was made from. */
export function conflictsOf<K extends ItemKind>(kind: K, records: readonly ItemRecord<K>[]): SyncConflict[] {
  const winner = winnerOf(records);
  return records
    .filter((each) => each !== winner)
    .filter((each) => winner.basis === null || compareVersions(each, winner.basis) > 0)
    .filter((each) => JSON.stringify(each.value) !== JSON.stringify(winner.value))
    .map(({ at, by }) => ({
      kind,
      name: winner.name,
      winner: { at: winner.at, by: winner.by },
      loser: { at, by },
    }));
}
