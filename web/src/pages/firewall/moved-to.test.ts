import { expect, it } from 'vitest';
import { movedTo } from './moved-to.ts';

it('a rule is moved only by whoever gives it another position', () => {
  expect(movedTo(3, 3)).toEqual({});
  expect(movedTo(0, 3)).toEqual({ position: 0 });
});

it('an emptied field moves nothing', () => {
  expect(movedTo('', 3)).toEqual({});
});
