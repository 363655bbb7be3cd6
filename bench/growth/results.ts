import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ControllersRow } from './controllers.ts';
import type { PacksRow } from './packs.ts';
import type { RoutesRow } from './routes.ts';

/** All rows that were ever measured, the last of each size. */
export interface Results {
  readonly controllers: readonly ControllersRow[];
  readonly routes: readonly RoutesRow[];
  readonly packs: readonly PacksRow[];
}

/** A row in place of an older one of the same size, in order, so that a size can be measured again. */
export function withRow<Row extends { readonly n: number }>(rows: readonly Row[], fresh: Row): Row[] {
  return [...rows.filter(({ n }) => n !== fresh.n), fresh].sort((a, b) => a.n - b.n);
}

export function readResults(file: string): Results {
  const none: Results = { controllers: [], routes: [], packs: [] };
  try {
    return { ...none, ...(JSON.parse(readFileSync(file, 'utf8')) as Partial<Results>) };
  } catch {
    return none;
  }
}

export function writeResults(file: string, results: Results): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}
