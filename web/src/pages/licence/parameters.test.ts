import { expect, it } from 'vitest';
import { NO_ADDRESSING, parametersOf } from './parameters.ts';

it('sends what was typed, or the default', () => {
  expect(parametersOf(null)).toEqual({ default: true });
  expect(parametersOf(NO_ADDRESSING)).toEqual({ default: true });
  expect(parametersOf({ ...NO_ADDRESSING, subnet: ' 10.9.0.0/24 ' })).toEqual({ subnet: '10.9.0.0/24' });
  expect(parametersOf(NO_ADDRESSING, false)).toEqual({ default: true, ipv6: false });
  expect(parametersOf(null, true)).toEqual({ default: true, ipv6: true });
});
