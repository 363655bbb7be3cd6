import { expect, it } from 'vitest';
import { changeLines } from './change-lines.ts';

it('shows values that changed, with what they were', () => {
  expect(
    changeLines([
      {
        what: 'setting names.controller',
        before: { key: 'names.controller', value: 'a' },
        after: { value: 'b' },
      },
      { what: 'route 3', before: null, after: { id: 3, cidr: '10.0.0.0/8', enabled: 1 } },
      { what: 'and 12 more', before: null, after: null },
    ]),
  ).toEqual([
    { what: 'setting names.controller', before: 'a', after: 'b' },
    { what: 'route 3, cidr', before: null, after: '10.0.0.0/8' },
    { what: 'route 3, enabled', before: null, after: '1' },
    { what: 'and 12 more', before: null, after: null },
  ]);
});
