import { ActionIcon, Switch, Table } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { ApiError } from '../../api/error.ts';
import { type FwSet, setPath, useChange } from '../../api/firewall.ts';
import { confirmOf, useCare } from '../../firewall/care.ts';
import { UNKNOWN } from '../../format/number.ts';
import { Confirm } from '../../kit/Confirm.tsx';
import { Cell, DataTable, RowHead } from '../../kit/DataTable.tsx';
import { FormError } from '../../kit/FormError.tsx';
import { Mono } from '../../kit/Mono.tsx';
import styles from './SetTable.module.css';

const COLUMNS = ['Set', 'Holds', 'Entries', 'Description', 'Shared'];
const HOLDS: Readonly<Record<string, string>> = {
  net: 'addresses',
  port: 'ports',
  list: 'other sets',
  service: 'services',
};
const SHOWN = 6;

interface SetTableProps {
  readonly sets: readonly FwSet[];
  readonly onEdit: (set: FwSet) => void;
}

export function SetTable({ sets, onEdit }: SetTableProps) {
  const [care] = useCare();
  const change = useChange();
  const [doomed, setDoomed] = useState<FwSet | null>(null);
  const isInUse = change.error instanceof ApiError && change.error.code === 'STILL_IN_USE';
  const confirm = confirmOf(care);
  const close = () => {
    setDoomed(null);
    change.reset();
  };
  const remove = (set: FwSet) =>
    change.mutate(
      { method: 'DELETE', path: setPath(set.name), force: isInUse, confirm },
      { onSuccess: close },
    );
  return (
    <>
      {!doomed && <FormError error={change.error} />}
      <DataTable caption="Firewall sets" columns={COLUMNS} cardsBelow={760} withActions>
        {sets.map((set) => (
          <Table.Tr key={set.name}>
            <RowHead>
              <Mono>{set.name}</Mono>
            </RowHead>
            <Cell label="Holds">{HOLDS[set.type] ?? set.type}</Cell>
            <Cell label="Entries" text>
              <Entries set={set} />
            </Cell>
            <Cell label="Description" text>
              {set.description || UNKNOWN}
            </Cell>
            <Cell label="Shared">
              <Switch
                size="xs"
                aria-label={`Share ${set.name} with every controller`}
                checked={set.sync_mesh}
                disabled={change.isPending}
                onChange={(event) =>
                  change.mutate({
                    method: 'PUT',
                    path: setPath(set.name),
                    body: { sync_mesh: event.currentTarget.checked },
                  })
                }
              />
            </Cell>
            <Cell>
              <div className={styles.buttons}>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="sm"
                  aria-label={`Edit ${set.name}`}
                  onClick={() => onEdit(set)}
                >
                  <IconPencil size={16} stroke={1.7} />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  color="red"
                  size="sm"
                  aria-label={`Delete ${set.name}`}
                  onClick={() => setDoomed(set)}
                >
                  <IconTrash size={16} stroke={1.7} />
                </ActionIcon>
              </div>
            </Cell>
          </Table.Tr>
        ))}
      </DataTable>
      <Confirm
        opened={doomed !== null}
        title={`Delete ${doomed?.name ?? 'the set'}?`}
        confirm={isInUse ? 'Delete, and switch those rules off' : 'Delete'}
        busy={change.isPending}
        onCancel={close}
        onConfirm={() => doomed && remove(doomed)}
      >
        <FormError error={change.error} />
        {!change.error && (
          <p>
            {doomed?.sync_mesh
              ? 'It goes on every controller; one that uses it keeps it as its own.'
              : 'Its entries are gone. A set that a rule uses is not deleted without asking again.'}
          </p>
        )}
      </Confirm>
    </>
  );
}

function Entries({ set }: { set: FwSet }) {
  const rest = set.entries.length - SHOWN;
  return (
    <>
      {set.entries.slice(0, SHOWN).map(({ entry, entry_resolved, comment }) => (
        <div key={entry} className={styles.entry}>
          <Mono>{entry}</Mono>
          {entry_resolved !== entry && (
            <span className={styles.more}> = {entry_resolved || 'no address yet'}</span>
          )}
          {comment && <span className={styles.more}> {comment}</span>}
        </div>
      ))}
      {set.entries.length === 0 && UNKNOWN}
      {rest > 0 && <div className={styles.more}>and {rest} more</div>}
    </>
  );
}
