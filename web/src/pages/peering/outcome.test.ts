import { expect, it } from 'vitest';
import type { Link, Member } from '../../../../src/observe/mesh-status.ts';
import { outcome } from './outcome.ts';

const link = (state: Link['state']) => ({ state }) as Link;
const member = (checksum: Member['checksum']) => ({ checksum }) as Member;

it('waits before it says that a peer was not reached', () => {
  expect(outcome(undefined, undefined, 0).state).toBe('unknown');
  expect(outcome(link('down'), undefined, 1000).reached).toBe('being reached…');
  expect(outcome(link('down'), undefined, 60_000)).toMatchObject({ state: 'down', reached: 'not reached' });
});

it('says nothing of a link at which nobody looks', () => {
  for (const waited of [0, 60_000])
    expect(outcome(link('unknown'), member('match'), waited)).toMatchObject({
      state: 'unknown',
      reached: 'not known: the applier does not answer',
    });
});

it('compares checksums in words', () => {
  expect(outcome(link('up'), member('match'), 0)).toEqual({
    state: 'up',
    reached: 'reached',
    checksum: 'Its topology checksum is equal to that of this controller.',
  });
  expect(outcome(link('up'), member('differs'), 0).checksum).toMatch(/differs/);
  expect(outcome(link('degraded'), undefined, 0)).toMatchObject({
    state: 'degraded',
    checksum: 'Its topology checksum is not known.',
  });
});
