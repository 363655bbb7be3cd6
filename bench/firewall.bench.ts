import type { DesiredFirewall } from '../src/desired/firewall.ts';
import { Lab } from '../src/lab/lab.ts';
import { Border } from '../test/support/applier.ts';
import { benchCommand } from './command.ts';
import { allUp, report, sleep, UdpProbe, until } from './support.ts';

/** Five thousand rules on a controller that carries traffic: how long they take, and what the traffic notices. */
const RULES = 5000;
const TARGET = 'FORWARD';

function firewall(count: number, first: number): DesiredFirewall {
  const rules = Array.from({ length: count }, (_, index) => ({
    id: (0x10000000 + index).toString(16),
    table: TARGET,
    words: [
      '-s',
      `10.${64 + (index >> 8)}.${index & 255}.${first}/32`,
      '-p',
      'tcp',
      '--dport',
      '443',
      '-j',
      'DROP',
    ],
  }));
  return { sealed: false, clientsMayManage: false, subtables: [], sets: [], rules };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

benchCommand('firewall', 'five thousand rules, and what traffic notices of them').parse();
const lab = await Lab.up({ size: 2 });
try {
  await until('all links are up', allUp(lab));
  const border = new Border(lab, 1);
  await border.holdController();
  await border.apply(firewall(0, 1));
  const probe = await UdpProbe.start(lab, 2, 1);
  const cold = await timed(() => border.apply(firewall(RULES, 1)));
  await sleep(1000);
  const changed: number[] = [];
  for (let run = 2; run < 7; run++) {
    changed.push(await timed(() => border.apply(firewall(RULES, run))));
    await sleep(500);
  }
  const same = await timed(() => border.apply(firewall(RULES, 6)));
  const trial = await timed(() =>
    border.check(firewall(RULES, 1), [
      { name: 'one', from: '10.201.2.10', to: '10.201.1.10', protocol: 'tcp', port: 80, expect: 'pass' },
    ]),
  );
  const { lost, longestGapMs, received } = await probe.stop();
  border.close();
  const ms = (value: number) => `${Math.round(value)} ms`;
  const worst = Math.max(...changed);
  report(`${RULES} rules, first time`, ms(cold), '1 s', cold < 1000);
  report(
    `${RULES} rules, every one changed`,
    `${ms(changed.sort((a, b) => a - b)[2]!)}, worst ${ms(worst)}`,
    '1 s',
    worst < 1000,
  );
  report(`${RULES} rules, nothing changed`, ms(same), '0.5 s', same < 500);
  report(`trial of ${RULES} rules with one packet`, ms(trial), '5 s', trial < 5000);
  report(
    'UDP flow over all of it',
    `${lost} of ${received + lost} packets lost, longest gap ${ms(longestGapMs)}`,
    'none lost',
    lost === 0,
  );
} finally {
  await Lab.down();
}
