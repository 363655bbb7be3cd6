import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { Value } from 'typebox/value';
import { DesiredState } from '../desired/state.ts';
import { paths } from '../paths.ts';

/** The last applied state on disk, complete or not at all: written aside, synced, renamed. Holds keys, so root only. */
export function saveApplied(state: DesiredState): void {
  mkdirSync(dirname(paths.appliedState), { recursive: true, mode: 0o700 });
  const aside = `${paths.appliedState}.new`;
  const file = openSync(aside, 'w', 0o600);
  try {
    writeSync(file, JSON.stringify(state));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(aside, paths.appliedState);
}

/** Null when nothing was ever applied. A file of another format is left alone and reported, never half used. */
export function loadApplied(): DesiredState | null {
  let text: string;
  try {
    text = readFileSync(paths.appliedState, 'utf8');
  } catch {
    return null;
  }
  const value: unknown = JSON.parse(text);
  if (Value.Check(DesiredState, value)) return value;
  console.error(`${paths.appliedState} does not fit this version's format; waiting for the controller`);
  return null;
}
