import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Confirmation, NO_FIREWALL } from './confirmation.ts';

const files = vi.hoisted(() => ({ directory: '' }));
vi.mock('../paths.ts', () => ({
  paths: {
    get confirmedFirewall() {
      return `${files.directory}/firewall.json`;
    },
  },
}));
beforeEach(() => {
  files.directory = mkdtempSync(join(tmpdir(), 'meshwright-'));
});
afterEach(() => rmSync(files.directory, { recursive: true }));

const closed = { ...NO_FIREWALL, rules: [{ id: 'f0000000', table: 'INPUT', words: ['-j', 'DROP'] }] };
const sealed = { ...NO_FIREWALL, sealed: true };

describe('a firewall on trial', () => {
  it('is in force until its deadline, and then what was confirmed last', () => {
    const one = new Confirmation();
    one.note(closed);
    const trial = { ...sealed, confirmBy: 1000 };
    expect(one.choose(trial, 999)).toBe(trial);
    expect(one.choose(trial, 1000)).toEqual(closed);
  });

  it('falls back to the same after a restart, and to no rules where there were none', () => {
    new Confirmation().note(closed);
    expect(new Confirmation().choose({ ...sealed, confirmBy: 1 }, 2)).toEqual(closed);
    rmSync(`${files.directory}/firewall.json`);
    expect(new Confirmation().choose({ ...sealed, confirmBy: 1 }, 2)).toEqual(NO_FIREWALL);
  });

  it('becomes what a later one falls back to only when it is confirmed', () => {
    const one = new Confirmation();
    one.note({ ...closed, confirmBy: 5 });
    expect(one.choose({ ...sealed, confirmBy: 1 }, 2)).toEqual(NO_FIREWALL);
    one.note({ ...closed, confirmBy: null });
    expect(one.choose({ ...sealed, confirmBy: 1 }, 2)).toMatchObject({ rules: closed.rules });
  });
});
