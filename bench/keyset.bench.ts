import { numberOf } from './command.ts';
import { keysetCost } from './keyset-cost.ts';
import { median, report } from './support.ts';

/** A keyset for 1,000 clients, and the list of their packs. */
const CLIENTS = numberOf(
  'keyset',
  'a keyset, and the list of its packs',
  'clients',
  'number of clients',
  1000,
);

const { seconds, configMs, listMs } = await keysetCost(CLIENTS, 20);
report(`keyset for ${CLIENTS} clients`, `${seconds.toFixed(2)} s`, '< 2 s', seconds < 2);
report(
  'GET /config meanwhile',
  `median ${median(configMs).toFixed(1)} ms, worst ${Math.max(...configMs).toFixed(1)} ms`,
  '< 100 ms',
  Math.max(...configMs) < 100,
);
report(
  `GET /clientpacks with ${CLIENTS}, over HTTPS`,
  `median ${median(listMs).toFixed(0)} ms, worst ${Math.max(...listMs).toFixed(0)} ms`,
  '< 200 ms',
  median(listMs) < 200,
);
