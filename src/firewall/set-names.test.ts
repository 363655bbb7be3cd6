import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Database } from '../store/database.ts';
import { SetNames } from './set-names.ts';

const answers = new Map<string, string[]>();
vi.mock('node:dns/promises', () => ({
  lookup: async (name: string) => {
    const found = answers.get(name);
    if (!found) throw new Error('ENOTFOUND');
    return found.map((address) => ({ address, family: 4 }));
  },
}));

beforeEach(() => answers.clear());

function names(db = new Database(':memory:')) {
  const changes: string[] = [];
  const resolver = new SetNames(db, (changed) =>
    changes.push(...changed.map(({ host, addresses }) => `${host}: ${addresses.join(' ')}`)),
  );
  return { db, changes, resolver };
}

describe('names in sets', () => {
  it('stand for all of their addresses, and only a real change is one', async () => {
    const { resolver, changes } = names();
    resolver.watch(['a.example']);
    expect(resolver.addressesOf('a.example')).toEqual([]);
    answers.set('a.example', ['10.0.0.2', '10.0.0.1']);
    await vi.waitFor(async () => {
      await resolver.refresh();
      expect(resolver.addressesOf('a.example')).toEqual(['10.0.0.1', '10.0.0.2']);
    });
    answers.set('a.example', ['10.0.0.1', '10.0.0.2', '10.0.0.1']);
    await resolver.refresh();
    expect(changes).toEqual(['a.example: 10.0.0.1 10.0.0.2']);
    resolver.stop();
  });

  it('keep their last answer when a look-up fails, and over a restart', async () => {
    const { db, resolver, changes } = names();
    answers.set('a.example', ['10.0.0.1']);
    resolver.watch(['a.example']);
    await vi.waitFor(() => expect(changes).toHaveLength(1));
    answers.clear();
    await resolver.refresh();
    expect(resolver.addressesOf('a.example')).toEqual(['10.0.0.1']);
    expect(changes).toHaveLength(1);
    resolver.stop();
    expect(names(db).resolver.addressesOf('a.example')).toEqual(['10.0.0.1']);
  });
});
