import { expect, it } from 'vitest';
import { firstStep, wayOf } from './progress.ts';

const fresh = { licensed: false, keyset: 'absent', id: null } as const;

it('continues where the controller stands', () => {
  const at = (hasLicence: boolean, change: object) =>
    firstStep({ hasLicence, controller: { ...fresh, ...change } });
  expect(at(false, {})).toBe('licence');
  expect(at(true, {})).toBe('addressing');
  expect(at(true, { licensed: true })).toBe('keyset');
  expect(at(true, { licensed: true, keyset: 'in_progress' })).toBe('keyset');
  expect(at(true, { licensed: true, keyset: 'present' })).toBe('identity');
  expect(at(true, { licensed: true, keyset: 'present', id: 1 })).toBe('invite');
});

it('asks which way only while both are open', () => {
  expect(wayOf({ hasLicence: false, controller: fresh }, false, null)).toBeNull();
  expect(wayOf({ hasLicence: false, controller: fresh }, false, 'join')).toBe('join');
  expect(wayOf({ hasLicence: true, controller: fresh }, false, 'join')).toBe('first');
  expect(wayOf({ hasLicence: false, controller: fresh }, true, 'first')).toBe('join');
});
