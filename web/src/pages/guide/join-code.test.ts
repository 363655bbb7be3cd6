import { expect, it } from 'vitest';
import { formatJoinCode } from '../../../../src/mesh/join-code.ts';
import { readJoinCode } from './join-code.ts';

it('reads what a code says openly', () => {
  const code = formatJoinCode({ a: ['192.0.2.1'], i: 3, n: '0011223344556677', s: 'secret' } as never);
  expect(readJoinCode(` ${code}\n`)).toEqual({ id: 3, addresses: ['192.0.2.1'] });
});

it.each(['', 'mwjoin1.', 'mwjoin1.e30', 'mwjoin1.####', 'something else'])('refuses %j', (text) =>
  expect(readJoinCode(text)).toBeNull(),
);
