import { expect, it } from 'vitest';
import { firstStep, lacksPeers, wayOf } from './progress.ts';

const fresh = { licensed: false, keyset: 'absent', id: null } as const;

it('continues where the controller stands', () => {
  const at = (hasLicence: boolean, change: object) =>
    firstStep({ hasLicence, isAlone: true, controller: { ...fresh, ...change } });
  expect(at(false, {})).toBe('licence');
  expect(at(true, {})).toBe('addressing');
  expect(at(true, { licensed: true })).toBe('keyset');
  expect(at(true, { licensed: true, keyset: 'in_progress' })).toBe('keyset');
  expect(at(true, { licensed: true, keyset: 'present' })).toBe('identity');
  expect(at(true, { licensed: true, keyset: 'present', id: 1 })).toBe('invite');
});

it('asks which way only while both are open', () => {
  const untouched = { hasLicence: false, controller: fresh, isAlone: true };
  expect(wayOf(untouched, false, null)).toBeNull();
  expect(wayOf(untouched, false, 'join')).toBe('join');
  expect(wayOf({ ...untouched, hasLicence: true }, false, 'join')).toBe('first');
  expect(wayOf(untouched, true, 'first')).toBe('join');
});

it('knows a join by hand that lacks its peers from a first controller', () => {
  const standing = (id: number, isAlone = true) => ({
    hasLicence: true,
    controller: { licensed: true, keyset: 'present', id } as const,
    isAlone,
  });
  expect(lacksPeers(standing(2), 'join')).toBe(true);
  expect(lacksPeers(standing(1), 'join')).toBe(true);
  // In another browser nobody has chosen a way.
  expect(lacksPeers(standing(2), null)).toBe(true);
  expect(lacksPeers(standing(1), null)).toBe(false);
  expect(lacksPeers(standing(2), 'first')).toBe(false);
  expect(lacksPeers(standing(2, false), 'join')).toBe(false);
  expect(wayOf(standing(2), false, 'join')).toBe('join');
  expect(wayOf(standing(2, false), false, 'join')).toBe('first');
});
