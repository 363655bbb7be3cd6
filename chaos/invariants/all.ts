import type { Invariant } from '../evidence.ts';
import { asBefore } from './as-before.ts';
import { connectivity } from './connectivity.ts';
import { noLoop } from './no-loop.ts';
import { noRouteToTheDead } from './no-route-to-the-dead.ts';
import { noSecretInLogs } from './no-secret-in-logs.ts';
import { nobodyElseDied } from './nobody-else-died.ts';
import { nothingLost } from './nothing-lost.ts';
import { onePlace } from './one-place.ts';
import { sameChecksum } from './same-checksum.ts';
import { storeOpens } from './store-opens.ts';

/** What has to hold in every case. That nothing is left over, and the truth score, are about a whole run: see run.ts. */
export const invariants: readonly Invariant[] = [
  connectivity,
  noLoop,
  noRouteToTheDead,
  onePlace,
  nothingLost,
  storeOpens,
  sameChecksum,
  noSecretInLogs,
  nobodyElseDied,
  asBefore,
];
