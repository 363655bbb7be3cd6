import { expect, it } from 'vitest';
import { entriesText, parseEntries } from './entries-text.ts';

it('shows entries as lines and reads them back', () => {
  const entries = [
    { entry: '10.0.0.0/8', comment: '' },
    { entry: '10.0.0.1,tcp:443', comment: 'printer #2' },
  ];
  expect(entriesText(entries)).toBe('10.0.0.0/8\n10.0.0.1,tcp:443  # printer #2');
  expect(parseEntries(entriesText(entries))).toEqual(entries);
  expect(parseEntries('\n  # only words\n 80 ')).toEqual([{ entry: '80', comment: '' }]);
});
