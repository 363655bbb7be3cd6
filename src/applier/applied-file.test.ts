import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { compile } from '../compile/compile.ts';
import { sampleIntent } from '../compile/sample-intent.ts';
import type { DesiredState } from '../desired/state.ts';
import { loadApplied, saveApplied } from './applied-file.ts';

const state = compile(sampleIntent()) as DesiredState;
let folder: string;
let path: string;
const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);

beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/meshwright-applied-`);
  path = `${folder}/state/applied.json`;
  said.mockClear();
});
afterEach(() => rmSync(folder, { recursive: true }));

it('brings back what was applied last, and leaves nothing beside it', () => {
  expect(loadApplied(path)).toBeNull();
  saveApplied(state, path);
  saveApplied({ ...state, ntpHosts: [] }, path);
  expect(loadApplied(path)).toEqual({ ...state, ntpHosts: [] });
  expect(readdirSync(`${folder}/state`)).toEqual(['applied.json']);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it.each([
  ['cut off', (text: string) => text.slice(0, 100), 'is damaged'],
  ['empty', () => '', 'is damaged'],
  [
    'of another format',
    (text: string) => text.replace('"links"', '"ways"'),
    "does not fit this version's format",
  ],
])('waits for the controller when the file is %s, and leaves it alone', (_, damage, why) => {
  saveApplied(state, path);
  const text = damage(readFileSync(path, 'utf8'));
  writeFileSync(path, text);
  expect(loadApplied(path)).toBeNull();
  expect(said.mock.calls.flat().join()).toContain(why);
  expect(readFileSync(path, 'utf8')).toBe(text);
});
