import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { DesiredFirewall } from '../desired/firewall.ts';
import { DesiredState } from '../desired/state.ts';
import { paths } from '../paths.ts';

/** The last applied state. Holds keys, so root only. */
export function saveApplied(state: DesiredState): void {
  save(paths.appliedState, state);
}

/** Null when nothing was ever applied. A file of another format is left alone and reported, never half used. */
export function loadApplied(): DesiredState | null {
  return load(paths.appliedState, DesiredState);
}

export function saveConfirmedFirewall(firewall: DesiredFirewall): void {
  save(paths.confirmedFirewall, firewall);
}

export function loadConfirmedFirewall(): DesiredFirewall | null {
  return load(paths.confirmedFirewall, DesiredFirewall);
}

/** Complete or not at all: written aside, synced, renamed. */
function save(path: string, value: object): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const aside = `${path}.new`;
  const file = openSync(aside, 'w', 0o600);
  try {
    writeSync(file, JSON.stringify(value));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(aside, path);
}

function load<T extends TSchema>(path: string, schema: T): Static<T> | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return null;
  }
  const value: unknown = JSON.parse(text);
  if (Value.Check(schema, value)) return value;
  console.error(`${path} does not fit this version's format; waiting for the controller`);
  return null;
}
