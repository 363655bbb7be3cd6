import type { PeeringChange, PeeringTable } from '../../api/peering.ts';
import { hostProblem } from './host-check.ts';

/** What a row's drop-down says. */
export type Choice = 'self' | 'unset' | 'address';

export interface FormRow {
  readonly id: number;
  readonly overlayAddress: string;
  readonly choice: Choice;
  readonly address: string;
  /** Empty: the default. */
  readonly mtu: number | '';
}

export const MTU = { least: 500, most: 4800, standard: 1500 } as const;

export function rowsOf(table: PeeringTable): FormRow[] {
  return table.rows.map(({ id, overlay_ipaddress, self, address, mtu }) => ({
    id,
    overlayAddress: overlay_ipaddress,
    choice: self ? 'self' : address === null ? 'unset' : 'address',
    address: address ?? '',
    mtu: mtu ?? '',
  }));
}

/** What the operator typed over the stored rows, by id. What he did not touch follows the table. */
export type Edits = Readonly<Record<number, Partial<Pick<FormRow, 'choice' | 'address' | 'mtu'>>>>;

/** The table as it is now, under what the operator typed: a row that somebody else adds meanwhile appears. */
export function editedRows(table: PeeringTable, edits: Edits): FormRow[] {
  return rowsOf(table).map((row) => ({ ...row, ...edits[row.id] }));
}

/** What is as stored again is no edit any more: it would undo what somebody else does to the row later. */
export function withEdit(table: PeeringTable, edits: Edits, id: number, part: Edits[number]): Edits {
  const stored = rowsOf(table).find((row) => row.id === id);
  const edit = { ...edits[id], ...part };
  for (const column of ['choice', 'address', 'mtu'] as const)
    if (edit[column] === stored?.[column]) delete edit[column];
  const { [id]: _, ...rest } = edits;
  return Object.keys(edit).length === 0 ? rest : { ...rest, [id]: edit };
}

export interface RowProblems {
  readonly address?: string;
  readonly mtu?: string;
}

export interface Verdict {
  /** What is wrong with the form as a whole. */
  readonly problem: string | null;
  readonly rows: Readonly<Record<number, RowProblems>>;
  readonly valid: boolean;
}

/** The form is valid only with exactly one "this instance", and with an address wherever one is asked for. */
export function judge(rows: readonly FormRow[]): Verdict {
  const selves = rows.filter((row) => row.choice === 'self').map((row) => row.id);
  const problem =
    selves.length === 1
      ? null
      : selves.length === 0
        ? 'No row is “this instance”. Choose it in the row that stands for this controller.'
        : `Rows ${selves.join(' and ')} are “this instance”. Exactly one row can be.`;
  const problems = Object.fromEntries(
    rows.filter((row) => row.choice === 'address').map((row) => [row.id, rowProblems(row, rows)]),
  );
  const sound = Object.values(problems).every((row) => !row.address && !row.mtu);
  return { problem, rows: problems, valid: problem === null && sound };
}

function rowProblems({ id, address, mtu }: FormRow, rows: readonly FormRow[]): RowProblems {
  const host = address.trim().toLowerCase();
  const twin = rows.find(
    (row) => row.choice === 'address' && row.id < id && row.address.trim().toLowerCase() === host,
  );
  const wrong = hostProblem(address) ?? (twin ? `Row ${twin.id} has this address already` : null);
  const outside = mtu !== '' && (mtu < MTU.least || mtu > MTU.most || !Number.isInteger(mtu));
  return {
    ...(wrong && { address: wrong }),
    ...(outside && { mtu: `${MTU.least} to ${MTU.most}` }),
  };
}

/** The whole form as one request. Only for a valid form. */
export function changeOf(rows: readonly FormRow[], revision: string): PeeringChange {
  return {
    revision,
    self: rows.find((row) => row.choice === 'self')!.id,
    peers: rows
      .filter((row) => row.choice === 'address')
      .map(({ id, address, mtu }) => ({ id, address: address.trim(), ...(mtu !== '' && { mtu }) })),
  };
}

/** Whether saving would change anything. */
export function differs(rows: readonly FormRow[], table: PeeringTable): boolean {
  const stored = rowsOf(table);
  return rows.some((row, index) => {
    const before = stored[index];
    if (!before || row.choice !== before.choice) return true;
    if (row.choice !== 'address') return false;
    return (
      row.address.trim() !== before.address || (row.mtu || MTU.standard) !== (before.mtu || MTU.standard)
    );
  });
}

/** The row and column that a refusal of the API is about: `peers[1].address` is the second row with an address. */
export function cellOf(
  field: string,
  rows: readonly FormRow[],
): { id: number; column: 'address' | 'mtu' } | null {
  const match = /^peers\[(\d+)\]\.(address|mtu|id)$/.exec(field);
  const row = match && rows.filter((candidate) => candidate.choice === 'address')[Number(match[1])];
  return row ? { id: row.id, column: match[2] === 'mtu' ? 'mtu' : 'address' } : null;
}
