import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { DesiredFirewall } from '../desired/firewall.ts';
import { DesiredState } from '../desired/state.ts';
import { paths } from '../paths.ts';

/** The last applied state. Holds keys, so root only. */
export function saveApplied(state: DesiredState, path: string = paths.appliedState): void {
  save(path, state);
}

/** Null when nothing was ever applied. A file that is damaged or of another format is left alone and reported, never half used. */
export function loadApplied(path: string = paths.appliedState): DesiredState | null {
  return load(path, DesiredState);
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
    // Not writeSync, which writes less than all of it to a disk that is nearly full, and calls that a success.
    writeFileSync(file, JSON.stringify(value));
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
  const value = parsed(text);
  if (Value.Check(schema, value)) return value;
  const fault = value === undefined ? 'is damaged' : "does not fit this version's format";
  console.error(`${path} ${fault}; waiting for the controller`);
  return null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
