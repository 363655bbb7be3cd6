import { keysetCost } from '../keyset-cost.ts';
import { median } from '../support.ts';

export interface PacksRow {
  /** Number of clientpacks. */
  readonly n: number;
  readonly day: string;
  readonly keysetSeconds: number;
  /** The slowest GET /config while the keyset was made. */
  readonly configMs: number;
  readonly listMs: number;
  readonly storeMegabytes: number;
}

export async function measurePacks(n: number, day: string): Promise<PacksRow> {
  const { seconds, configMs, listMs, storeBytes } = await keysetCost(n, 10);
  return {
    ...{ n, day, keysetSeconds: seconds, configMs: Math.max(...configMs), listMs: median(listMs) },
    storeMegabytes: storeBytes / 1024 / 1024,
  };
}
