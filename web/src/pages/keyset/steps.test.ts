import { expect, it } from 'vitest';
import { stepsAt } from './steps.ts';

it('knows what is done, under way and to come', () => {
  expect(stepsAt('generating').map((step) => step.state)).toEqual(['running']);
  expect(stepsAt('transferring').map((step) => step.state)).toEqual([
    'done',
    'done',
    'running',
    'waiting',
    'waiting',
  ]);
  expect(stepsAt(null)[0]!.state).toBe('running');
});
