import type { Entry } from '../../api/access.ts';
import { dateTime } from '../../format/time.ts';
import { Cell, DataTable, RowHead } from '../../kit/DataTable.tsx';
import { Mono } from '../../kit/Mono.tsx';
import { changeLines } from './change-lines.ts';
import styles from './EntryTable.module.css';

export function EntryTable({ entries }: { entries: readonly Entry[] }) {
  return (
    <DataTable caption="Audit log" columns={['When', 'Who', 'From', 'What', 'Change']} cardsBelow={820}>
      {entries.map((entry) => (
        <tr key={entry.seq}>
          <RowHead>{dateTime(entry.at)}</RowHead>
          <Cell label="Who">{entry.actor}</Cell>
          <Cell label="From">
            <Mono>{entry.source}</Mono>
          </Cell>
          <Cell label="What" text>
            {[entry.summary, ...Object.values(entry.target)].join(' ')}
            {entry.error && <div className={styles.refused}>refused: {entry.error}</div>}
          </Cell>
          <Cell label="Change" text>
            <Changes entry={entry} />
          </Cell>
        </tr>
      ))}
    </DataTable>
  );
}

function Changes({ entry }: { entry: Entry }) {
  const lines = changeLines(entry.changes);
  if (lines.length === 0) return null;
  return (
    <details className={styles.changes}>
      <summary>{lines.length === 1 ? lines[0]!.what : `${lines.length} values`}</summary>
      <ul>
        {lines.map(({ what, before, after }) => (
          <li key={what}>
            {what}: {before !== null && <del>{before}</del>} {after !== null && <ins>{after}</ins>}
          </li>
        ))}
      </ul>
    </details>
  );
}
