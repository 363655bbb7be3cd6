import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Run } from './failover.ts';
import type { Setting } from './ground.ts';

/** All runs of one contender and one failure. */
export interface Cell {
  readonly name: string;
  readonly setting: Setting;
  readonly failure: string;
  readonly version: string;
  readonly day: string;
  /** Null where the contender has no way round at all. */
  readonly runs: readonly Run[] | null;
}

const sameCell = (a: Cell, b: Cell) =>
  a.name === b.name && a.setting === b.setting && a.failure === b.failure;

/** New cells in place of older ones of the same contender and failure, so that a part can be measured again. */
export function merged(old: readonly Cell[], fresh: readonly Cell[]): Cell[] {
  return [...old.filter((cell) => !fresh.some((one) => sameCell(one, cell))), ...fresh];
}

export function readCells(file: string): Cell[] {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { cells: Cell[] }).cells;
  } catch {
    return [];
  }
}

export function writeCells(file: string, cells: readonly Cell[]): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ cells }, null, 2)}\n`);
}
