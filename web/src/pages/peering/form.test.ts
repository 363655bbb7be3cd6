import { describe, expect, it } from 'vitest';
import type { PeeringTable } from '../../api/peering.ts';
import { cellOf, changeOf, differs, editedRows, type FormRow, judge, rowsOf, withEdit } from './form.ts';
import { hostProblem, isName } from './host-check.ts';

const row = (id: number, choice: FormRow['choice'], address = '', mtu: number | '' = ''): FormRow => ({
  id,
  overlayAddress: `100.127.255.${254 - id}`,
  choice,
  address,
  mtu,
});

const stored = (id: number, self: boolean, address: string | null, mtu: number | null = null) => ({
  id,
  overlay_ipaddress: `100.127.255.${254 - id}`,
  self,
  address,
  mtu,
  draft: false,
  reachable: false,
});

const table: PeeringTable = {
  self: 1,
  licensed: 3,
  client_address: null,
  draft: false,
  revision: 'r1',
  rows: [stored(1, true, null), stored(2, false, '192.0.2.2', 1500), stored(3, false, null)],
};

describe('validity', () => {
  it('needs exactly one "this instance"', () => {
    expect(judge([row(1, 'unset'), row(2, 'address', '192.0.2.2')])).toMatchObject({ valid: false });
    expect(judge([row(1, 'unset')]).problem).toMatch(/^No row/);
    expect(judge([row(1, 'self'), row(2, 'self')]).problem).toBe(
      'Rows 1 and 2 are “this instance”. Exactly one row can be.',
    );
    expect(judge([row(1, 'self'), row(2, 'unset')])).toEqual({ problem: null, rows: {}, valid: true });
  });

  it('needs an address where one is asked for, and each only once', () => {
    const verdict = judge([row(1, 'self'), row(2, 'address', ''), row(3, 'address', 'ok.example')]);
    expect(verdict).toMatchObject({
      valid: false,
      rows: { 2: { address: 'Enter an address or a host name' } },
    });
    const twins = judge([row(1, 'self'), row(2, 'address', 'A.example'), row(3, 'address', 'a.example ')]);
    expect(twins.rows[3]).toEqual({ address: 'Row 2 has this address already' });
    expect(twins.rows[2]).toEqual({});
  });

  it('bounds the MTU', () => {
    for (const mtu of [499, 4801, 1500.5])
      expect(judge([row(1, 'self'), row(2, 'address', '192.0.2.2', mtu)]).valid).toBe(false);
    for (const mtu of [500, 4800, '' as const])
      expect(judge([row(1, 'self'), row(2, 'address', '192.0.2.2', mtu)]).valid).toBe(true);
  });
});

describe('the table', () => {
  it('becomes rows, and rows a request', () => {
    const rows = rowsOf(table);
    expect(rows.map((entry) => entry.choice)).toEqual(['self', 'address', 'unset']);
    expect(changeOf(rows, table.revision)).toEqual({
      self: 1,
      revision: 'r1',
      peers: [{ id: 2, address: '192.0.2.2', mtu: 1500 }],
    });
  });

  it('knows whether something is to be saved', () => {
    const rows = rowsOf(table);
    expect(differs(rows, table)).toBe(false);
    const edit = (change: Partial<FormRow>) =>
      rows.map((entry) => (entry.id === 2 ? { ...entry, ...change } : entry));
    expect(differs(edit({ mtu: '' }), table)).toBe(false);
    expect(differs(edit({ mtu: 1400 }), table)).toBe(true);
    expect(differs(edit({ address: ' 192.0.2.2 ' }), table)).toBe(false);
    expect(differs(edit({ choice: 'unset' }), table)).toBe(true);
  });

  it('finds the cell of a refusal', () => {
    const rows = [row(1, 'self'), row(2, 'unset'), row(3, 'address', 'x'), row(4, 'address', 'y')];
    expect(cellOf('peers[1].address', rows)).toEqual({ id: 4, column: 'address' });
    expect(cellOf('peers[0].mtu', rows)).toEqual({ id: 3, column: 'mtu' });
    expect(cellOf('self', rows)).toBeNull();
    expect(cellOf('peers[9].mtu', rows)).toBeNull();
  });
});

describe('edits', () => {
  const joined: PeeringTable = {
    ...table,
    revision: 'r2',
    rows: [table.rows[0]!, table.rows[1]!, stored(3, false, '192.0.2.3', 1400)],
  };

  it('keep to their rows while a controller joins in another one', () => {
    const edits = withEdit(table, {}, 2, { address: 'c2.example' });
    const rows = editedRows(joined, edits);
    expect(changeOf(rows, joined.revision)).toEqual({
      self: 1,
      revision: 'r2',
      peers: [
        { id: 2, address: 'c2.example', mtu: 1500 },
        { id: 3, address: '192.0.2.3', mtu: 1400 },
      ],
    });
  });

  it('win in their own row', () => {
    const opened = withEdit(table, {}, 3, { choice: 'address' });
    const edits = withEdit(table, opened, 3, { address: 'c3.example' });
    expect(editedRows(joined, edits)[2]).toMatchObject({
      choice: 'address',
      address: 'c3.example',
      mtu: 1400,
    });
  });

  it('are forgotten once they say what is stored', () => {
    const opened = withEdit(table, {}, 3, { choice: 'address' });
    const closed = withEdit(table, opened, 3, { choice: 'unset' });
    expect(closed).toEqual({});
    expect(differs(editedRows(joined, closed), joined)).toBe(false);
  });
});

describe('addresses', () => {
  it.each(['192.0.2.1', '10.0.0.1', '2001:db8::1', 'c2.example.net', 'c2', 'c2.example.net.', ' 10.0.0.1 '])(
    'takes %s',
    (text) => expect(hostProblem(text)).toBeNull(),
  );

  it.each(['', '10.0.0', '10.0.0.256', '010.0.0.1', '127.0.0.1', '0.0.0.0', '224.0.0.1', '2001:db8::g'])(
    'refuses %j',
    (text) => expect(hostProblem(text)).not.toBeNull(),
  );

  it.each(['a b', 'bad_name', '-a.example', 'example.1', 'c2:8000', `${'a'.repeat(64)}.example`])(
    'refuses the name %j',
    (text) => expect(hostProblem(text)).not.toBeNull(),
  );

  it('knows what has to be looked up', () => {
    expect([isName('c2.example'), isName('10.0.0.1'), isName('2001:db8::1'), isName('a b')]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});
