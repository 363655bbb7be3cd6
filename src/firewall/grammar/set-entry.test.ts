import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RuleError } from './rule-error.ts';
import { checkEntry, type SetType } from './set-entry.ts';

const check = (type: SetType, entry: string) => checkEntry(type, entry, (name) => name === 'NETS_office');

describe('an entry of a set', { timeout: 60_000 }, () => {
  it.each([
    ['net', '10.0.0.0/8', 'v4'],
    ['net', '10.0.0.1', 'v4'],
    ['net', '0.0.0.0/0', 'v4'],
    ['net', '10.0.0.1-10.0.0.9', 'v4'],
    ['net', '2001:db8::/32', 'v6'],
    ['port', '443', 'both'],
    ['port', '8000-8010', 'both'],
    ['service', '10.0.0.1,tcp:443', 'v4'],
    ['service', '2001:db8::1,udp:53-54', 'v6'],
    ['list', 'NETS_office', 'both'],
  ] as const)('of type %s: %s', (type, entry, family) => {
    expect(check(type, entry)).toEqual({ entry, family });
  });

  it.each([
    ['net', '10.0.0.0/255.0.0.0'],
    ['net', '10.0.0.9-10.0.0.1'],
    ['net', '2001:db8::1-2001:db8::2'],
    ['net', 'example.com'],
    ['net', '10.0.0.0/8 timeout 5'],
    ['port', '8010-8000'],
    ['port', '65536'],
    ['port', 'tcp:80'],
    ['port', '1-2-3'],
    ['service', '10.0.0.1,443'],
    ['service', '10.0.0.1,tcp:443,10.0.0.2'],
    ['service', '10.0.0.0/24,tcp:443'],
    ['service', '10.0.0.1,tcp:443:1'],
    ['list', 'LIST_other'],
    ['net', '-exist'],
    ['port', '1\ndestroy x'],
  ] as const)('is refused, of type %s: %j', (type, entry) => {
    expect(() => check(type, entry)).toThrow(RuleError);
  });

  it('never holds a second word', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<SetType>('net', 'port', 'service', 'list'),
        fc.string({ unit: 'binary' }),
        (type, text) => {
          for (const entry of [text, `10.0.0.1${text}`, `443${text}`, `10.0.0.1,tcp:443${text}`]) {
            try {
              expect(check(type, entry).entry).toMatch(/^[A-Za-z0-9.:,/_-]+$/);
            } catch (error) {
              expect(error).toBeInstanceOf(RuleError);
            }
          }
        },
      ),
    );
  });
});
