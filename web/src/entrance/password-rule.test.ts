import { expect, it } from 'vitest';
import { passwordProblem } from './password-rule.ts';

it.each([
  ['short', undefined, 'At least 8 characters'],
  ['x'.repeat(129), undefined, 'At most 128 characters'],
  ['pässwörter', undefined, 'Only characters of printable ASCII'],
  ['long enough', 'long enougj', 'The two are not equal'],
  ['long enough', 'long enough', null],
])('%s, %s: %s', (password, repeated, problem) => expect(passwordProblem(password, repeated)).toBe(problem));
