import { Button } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ApiError, fieldMessage } from '../../api/error.ts';
import { type PeeringTable, useSavePeering } from '../../api/peering.ts';
import { FormError } from '../../kit/FormError.tsx';
import { Notice } from '../../kit/Notice.tsx';
import { Section } from '../../kit/Section.tsx';
import { useUnsavedGuard } from '../../shell/navigation-guard.ts';
import {
  cellOf,
  changeOf,
  differs,
  type Edits,
  editedRows,
  type FormRow,
  judge,
  type RowProblems,
  withEdit,
} from './form.ts';
import styles from './PeeringForm.module.css';
import { PeerRowFields } from './PeerRowFields.tsx';
import { SaveResult } from './SaveResult.tsx';

/** All rows at once: they are valid together, saved together or not at all. */
export function PeeringForm({ table }: { table: PeeringTable }) {
  const [edits, setEdits] = useState<Edits>({});
  const save = useSavePeering();
  const rows = editedRows(table, edits);
  const verdict = judge(rows);
  const isDirty = differs(rows, table);
  useUnsavedGuard(isDirty);

  const change = (id: number, part: Partial<FormRow>) => {
    save.reset();
    setEdits(withEdit(table, edits, id, part));
  };
  const discard = () => {
    save.reset();
    setEdits({});
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (verdict.valid) save.mutate(changeOf(rows, table.revision), { onSuccess: () => setEdits({}) });
  };
  const refused = refusedCell(save.error, rows);
  return (
    <form onSubmit={submit} aria-label="Peering">
      <Section title="Controllers of this topology" flush>
        <ul className={styles.rows}>
          {rows.map((row) => (
            <PeerRowFields
              key={row.id}
              row={row}
              stored={table.rows.find(({ id }) => id === row.id)}
              problems={{ ...verdict.rows[row.id], ...(refused?.id === row.id && refused.problems) }}
              onChange={(part) => change(row.id, part)}
            />
          ))}
        </ul>
        <div className={styles.foot}>
          {verdict.problem && <Notice tone="bad">{verdict.problem}</Notice>}
          {!refused && <FormError error={save.error} />}
          <div className={styles.buttons}>
            {isDirty && <span className={styles.unsaved}>Unsaved changes</span>}
            <Button variant="default" disabled={!isDirty && !save.isError} onClick={discard}>
              Discard
            </Button>
            <Button type="submit" disabled={!verdict.valid || !isDirty} loading={save.isPending}>
              Save Changes
            </Button>
          </div>
        </div>
      </Section>
      {save.isSuccess && !isDirty && <SaveResult table={save.data} />}
    </form>
  );
}

function refusedCell(error: unknown, rows: readonly FormRow[]): { id: number; problems: RowProblems } | null {
  if (!(error instanceof ApiError) || error.field === null) return null;
  const cell = cellOf(error.field, rows);
  return cell && { id: cell.id, problems: { [cell.column]: fieldMessage(error) } };
}
