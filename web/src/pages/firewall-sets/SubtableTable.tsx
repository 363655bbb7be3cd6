import { useState } from 'react';
import { type Subtable, subtablePath } from '../../api/firewall.ts';
import { ConfirmDelete } from '../../firewall/ConfirmDelete.tsx';
import { UNKNOWN } from '../../format/number.ts';
import { Cell, DataTable, RowHead } from '../../kit/DataTable.tsx';
import { Mono } from '../../kit/Mono.tsx';
import { RowButtons } from '../../kit/RowButtons.tsx';
import styles from './Items.module.css';
import { Items } from './Items.tsx';

const COLUMNS = ['Subtable', 'Reached from', 'Rules', 'Description'];
const CONSEQUENCE = 'Its rules are gone. One that a rule jumps to is not deleted without asking again.';

interface SubtableTableProps {
  readonly subtables: readonly Subtable[];
  readonly onEdit: (subtable: Subtable) => void;
}

export function SubtableTable({ subtables, onEdit }: SubtableTableProps) {
  const [doomed, setDoomed] = useState<Subtable | null>(null);
  return (
    <>
      <DataTable caption="Subtables" columns={COLUMNS} cardsBelow={760} withActions>
        {subtables.map((subtable) => (
          <tr key={subtable.name}>
            <RowHead>
              <Mono>{subtable.name}</Mono>
            </RowHead>
            <Cell label="Reached from">{subtable.type}</Cell>
            <Cell label="Rules" text>
              <Items>
                {subtable.rules.map(({ id, rule, comment, disabled }) => (
                  <div key={id}>
                    <Mono>{rule}</Mono>
                    {disabled && <span className={styles.more}> (not in force)</span>}
                    {comment && <span className={styles.more}> {comment}</span>}
                  </div>
                ))}
              </Items>
            </Cell>
            <Cell label="Description" text>
              {subtable.description || UNKNOWN}
            </Cell>
            <Cell>
              <RowButtons
                name={subtable.name}
                onEdit={() => onEdit(subtable)}
                onDelete={() => setDoomed(subtable)}
              />
            </Cell>
          </tr>
        ))}
      </DataTable>
      <ConfirmDelete
        doomed={doomed && { name: doomed.name, path: subtablePath(doomed.name), consequence: CONSEQUENCE }}
        onClose={() => setDoomed(null)}
      />
    </>
  );
}
