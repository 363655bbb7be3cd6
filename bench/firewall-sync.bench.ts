import { Lab } from '../src/lab/lab.ts';
import { benchCommand } from './command.ts';
import { allUp, median, report, sleep, status, until } from './support.ts';

/** A shared set on two controllers: how soon the other one has a change, also across a cut that heals. And the API. */
const SET = '/v2/firewall/fwsets/shared';
const ROUNDS = 7;

benchCommand('firewall-sync', 'how soon another controller has a change of a shared set').parse();
const lab = await Lab.up({ size: 2 });
const entriesOn = async (id: number): Promise<string> => {
  const set = await lab
    .api(id)
    .get<{ entries: { entry: string }[] }>(SET)
    .catch(() => null);
  return set?.entries.map(({ entry }) => entry).join(' ') ?? '';
};

/** Milliseconds until controller 2 shows what controller 1 was told. */
async function convergence(entry: string): Promise<number> {
  await lab.api(1).put(SET, { entries: [entry] });
  const from = performance.now();
  while ((await entriesOn(2)) !== entry) await sleep(20);
  return performance.now() - from;
}

try {
  await until('all links are up', allUp(lab));
  await lab.api(1).post('/v2/firewall/fwsets', { name: 'shared', type: 'net', sync_mesh: true });
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await convergence(`10.77.${round}.0/24`));
  const worst = Math.max(...times);
  const ms = (value: number) => `${Math.round(value)} ms`;
  report(
    'shared set on the other controller',
    `${ms(median(times))}, worst ${ms(worst)}`,
    '2 s',
    worst < 2000,
  );

  await lab.cut(1);
  await until('the link is down', async () =>
    (await status(lab, 1)).links.every(({ state }) => state === 'down'),
  );
  await lab.api(1).put(SET, { entries: ['10.78.0.0/24'] });
  await lab.heal();
  await until('the link is up', allUp(lab));
  const healed = performance.now();
  while ((await entriesOn(2)) !== '10.78.0.0/24') await sleep(20);
  const late = performance.now() - healed;
  report('shared set after a cut, from the link being up', ms(late), '2 s', late < 2000);

  const rules = Array.from({ length: 5000 }, (_, at) => ({
    rule: `FORWARD -s 10.${64 + (at >> 8)}.${at & 255}.1/32 -p tcp --dport 443 -j DROP`,
  }));
  const from = performance.now();
  await lab.api(1).put('/v2/firewall', { rules }, { timeoutMs: 60_000 });
  const whole = performance.now() - from;
  report('5000 rules through the API', ms(whole), '5 s', whole < 5000);
} finally {
  await Lab.down();
}
