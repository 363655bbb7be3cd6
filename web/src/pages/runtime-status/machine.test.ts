import { expect, it } from 'vitest';
import { memoryUse } from './machine.ts';

it('reads the share of memory in use', () => {
  expect(memoryUse(['MemTotal: 2000 kB', 'MemFree: 100 kB', 'MemAvailable: 500 kB'])).toBe(0.75);
  expect(memoryUse(['MemTotal: 2000 kB'])).toBeNull();
  expect(memoryUse([])).toBeNull();
});
