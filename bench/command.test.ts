import { InvalidArgumentError } from 'commander';
import { expect, it } from 'vitest';
import { argumentsOf, benchCommand, numberOf, optionsOf, partsOf, whole, wholes, words } from './command.ts';

function given<T>(argv: string[], read: () => T): T {
  const before = process.argv;
  process.argv = ['node', 'bench', ...argv];
  try {
    return read();
  } finally {
    process.argv = before;
  }
}

it('takes numbers and lists of them, and nothing else', () => {
  expect(whole('20')).toBe(20);
  expect(wholes('2,10')).toEqual([2, 10]);
  expect(words('a,,b')).toEqual(['a', 'b']);
  for (const text of ['', 'many', '-1', '1.5', '1e3', '0x10', ' 1', '9999999999'])
    expect(() => whole(text), text).toThrow(InvalidArgumentError);
  expect(() => wholes('2,x')).toThrow(InvalidArgumentError);
});

it('takes parts of names, and says which names there are', () => {
  const parse = partsOf(['meshwright', 'tinc-defaults']);
  expect(parse('Meshwright,tinc')).toEqual(['meshwright', 'tinc']);
  expect(parse('')).toEqual([]);
  expect(() => parse('tinc,nebula')).toThrow('nebula is part of none of meshwright, tinc-defaults.');
});

it('has arguments with what they are without being given', () => {
  const read = () =>
    argumentsOf<[number, string | undefined]>(
      benchCommand('any', 'measures').argument('[runs]', 'how often', whole, 20).argument('[way]'),
    );
  expect(given([], read)).toEqual([20, undefined]);
  expect(given(['3', 'there'], read)).toEqual([3, 'there']);
});

it('is told one number, or keeps its own', () => {
  const read = () => numberOf('any', 'measures', 'runs', 'how often', 20);
  expect(given([], read)).toBe(20);
  expect(given(['3'], read)).toBe(3);
});

it('has options in the same way', () => {
  const read = () =>
    optionsOf<{ sizes: number[]; add: boolean }>(
      benchCommand('any', 'measures')
        .option('--sizes <list>', 'sizes', wholes, [2, 3])
        .option('--add', 'add', false),
    );
  expect(given([], read)).toEqual({ sizes: [2, 3], add: false });
  expect(given(['--sizes', '4,5', '--add'], read)).toEqual({ sizes: [4, 5], add: true });
});
