import { useState } from 'react';
import { type FwSet, setPath, useChange } from '../../api/firewall.ts';
import { ConfirmDelete } from '../../firewall/ConfirmDelete.tsx';
import { ShareSwitch } from '../../firewall/ShareSwitch.tsx';
import { count, UNKNOWN } from '../../format/number.ts';
import { Cell, DataTable, RowHead } from '../../kit/DataTable.tsx';
import { FormError } from '../../kit/FormError.tsx';
import { Mono } from '../../kit/Mono.tsx';
import { RowButtons } from '../../kit/RowButtons.tsx';
import styles from './Items.module.css';
import { Items } from './Items.tsx';

const COLUMNS = ['Set', 'Holds', 'Entries', 'Description', 'Shared'];
const HOLDS: Readonly<Record<string, string>> = {
  net: 'addresses',
  port: 'ports',
  list: 'other sets',
  service: 'services',
};

interface SetTableProps {
  readonly sets: readonly FwSet[];
  readonly onEdit: (set: FwSet) => void;
}

export function SetTable({ sets, onEdit }: SetTableProps) {
  const change = useChange();
  const [doomed, setDoomed] = useState<FwSet | null>(null);
  return (
    <>
      <FormError error={change.error} />
      <DataTable caption="Firewall sets" columns={COLUMNS} cardsBelow={760} withActions>
        {sets.map((set) => (
          <tr key={set.name}>
            <RowHead>
              <Mono>{set.name}</Mono>
            </RowHead>
            <Cell label="Holds">{HOLDS[set.type] ?? set.type}</Cell>
            <Cell label="Entries" text>
              <Items>
                {set.entries.map(({ entry, entry_resolved, comment }) => (
                  <div key={entry}>
                    <Mono>{entry}</Mono>
                    {entry_resolved !== entry && (
                      <span className={styles.more}> = {entry_resolved || 'no address yet'}</span>
                    )}
                    {comment && <span className={styles.more}> {comment}</span>}
                  </div>
                ))}
              </Items>
            </Cell>
            <Cell label="Description" text>
              {set.description || UNKNOWN}
            </Cell>
            <Cell label="Shared">
              <ShareSwitch
                name={set.name}
                path={setPath(set.name)}
                shared={set.sync_mesh}
                loss={`Every other controller loses the set and its ${count(set.size, 'entry', 'entries')}; one that uses it keeps it as its own.`}
                change={change}
              />
            </Cell>
            <Cell>
              <RowButtons name={set.name} onEdit={() => onEdit(set)} onDelete={() => setDoomed(set)} />
            </Cell>
          </tr>
        ))}
      </DataTable>
      <ConfirmDelete
        doomed={
          doomed && { name: doomed.name, path: setPath(doomed.name), consequence: consequenceOf(doomed) }
        }
        onClose={() => setDoomed(null)}
      />
    </>
  );
}

const consequenceOf = ({ sync_mesh }: FwSet): string =>
  sync_mesh
    ? 'It goes on every controller; one that uses it keeps it as its own.'
    : 'Its entries are gone. A set that a rule uses is not deleted without asking again.';
