import type { ClientHost } from '../src/lab/client-host.ts';
import { Lab } from '../src/lab/lab.ts';
import { clientsOf, packsNameAll } from '../src/lab/packs.ts';
import { holders, startClient } from './client-support.ts';
import { RouteWatch } from './route-watch.ts';
import { allUp, median, report, sleep, summary, UdpProbe, until } from './support.ts';

/**
 * Overlay clients with stock programs in namespaces of their own: how long traffic stops when their controller goes, how
 * fast a client that may not is out. Arguments: part (`gaps`, `moves`, `refusal`; all when absent) and the number of runs.
 *
 * A gap is counted in probes that did not arrive, 5 ms each, both ways: a late timer of the machine is not a gap.
 */
const [only, count] = process.argv.slice(2);
const INTERVAL_MS = 5;
let port = 7100;
const addressOf = new Map<ClientHost, string>();

const lab = await Lab.up({ size: 3 });
try {
  await until('packs name every controller', () => packsNameAll(lab));
  await until('all links up', allUp(lab), 60_000);
  if (!only || only === 'gaps') await gaps(Number(count ?? 10));
  if (!only || only === 'moves') await moves(Number(count ?? 10));
  if (!only || only === 'refusal') await refusal(Number(count ?? 5));
} finally {
  await Lab.down();
}

/** One client of each kind at controller 1, probed to and from the host behind controller 3, which stays. */
async function gaps(runs: number): Promise<void> {
  const [first, second] = (await clientsOf(lab, 1, 2)) as [string, string];
  const openvpn = await client(1, first, 'openvpn');
  const ha = await client(2, second, 'ha');
  const kinds = { dark: dark, killed: killed };
  for (const [how, fail] of Object.entries(kinds)) {
    const overOpenvpn: number[] = [];
    const overHa: number[] = [];
    for (let run = 0; run < runs; run++) {
      await until(
        'both are at controller 1',
        async () => {
          const held = await holders(lab, 2);
          return held.get(first) === 1 && held.get(second) === 1;
        },
        90_000,
      );
      await sleep(2000);
      const probes = await Promise.all([both(openvpn, 3), both(ha, 3)]);
      await sleep(1000);
      const restore = await fail();
      await sleep(2000);
      await until('both are back', () => bothReach(openvpn, ha, lab.plan(3).siteHost), 60_000);
      await sleep(1000);
      const [slow, fast] = await Promise.all(probes.map((stop) => stop()));
      console.log(`  ${how} ${run + 1}: OpenVPN ${slow}, HA ${fast} (out, back; ms)`);
      overOpenvpn.push(Math.max(...slow!));
      overHa.push(Math.max(...fast!));
      await restore();
      await until('all links up', allUp(lab), 90_000);
      await drainAway(openvpn, first);
    }
    report(
      `controller ${how}: OpenVPN client, gap`,
      summary(overOpenvpn, 'ms'),
      'median 5 s, worst 8 s',
      median(overOpenvpn) <= 5000 && Math.max(...overOpenvpn) <= 8000,
    );
    report(
      `controller ${how}: HA client, gap`,
      summary(overHa, 'ms'),
      'median 80 ms, worst 200 ms',
      median(overHa) <= 80 && Math.max(...overHa) <= 200,
    );
  }
  await openvpn.remove();
  await ha.remove();
}

async function bothReach(one: ClientHost, other: ClientHost, target: string): Promise<boolean> {
  const pings = [one, other].map((host) => host.exec(['fping', '-q', '-c1', '-t500', target]));
  return (await Promise.all(pings)).every(({ code }) => code === 0);
}

async function dark() {
  await lab.cut(1);
  return () => lab.heal();
}

async function killed() {
  await lab.powerOff(1);
  return () => lab.powerOn(1);
}

/** Starts OpenVPN anew, so that it begins with its first choice again. */
async function drainAway(host: ClientHost, address: string): Promise<void> {
  host.silence();
  await sleep(500);
  host.start(
    ['openvpn', '--config', `${host.plan.directory}/${address.replaceAll('.', '_')}.conf`],
    'openvpn',
  );
}

/**
 * A client that a drain sends elsewhere: how long the other controllers go on sending to its old place. OpenVPN: from its new
 * host route at its new holder; HA: from the first controller that sends elsewhere to the last.
 */
async function moves(runs: number): Promise<void> {
  const [first, second] = (await clientsOf(lab, 1, 2)) as [string, string];
  const openvpn = await client(1, first, 'openvpn');
  const ha = await client(2, second, 'ha');
  const watch = new RouteWatch(lab);
  const drain = (id: number, drained: boolean) => lab.api(3).put(`/mesh/controllers/${id}`, { drained });
  const late: Record<'openvpn' | 'ha', number[]> = { openvpn: [], ha: [] };
  await until('both are held', async () => (await holders(lab, 3)).size === 2);
  for (let run = 0; run < runs; run++) {
    const from = (await holders(lab, 3)).get(first)!;
    await sleep(3000);
    watch.clear();
    await drain(from, true);
    await until('it is elsewhere', async () => ((await holders(lab, 3)).get(first) ?? from) !== from);
    await sleep(2000);
    const attached = watch.of(first).find(({ table, isDeleted }) => table === '1196' && !isDeleted)!;
    const others = watch
      .of(first)
      .filter(
        ({ table, controller, isDeleted }) =>
          table === '1195' && controller !== attached.controller && !isDeleted,
      );
    late.openvpn.push(Math.max(...others.map(({ at }) => at)) - attached.at);
    if (from === 1) late.ha.push(spreadOf(watch, second));
    watch.clear();
    await drain(from, false);
    await sleep(3000);
    if (from === 1) late.ha.push(spreadOf(watch, second));
  }
  watch.stop();
  const { openvpn: slow, ha: fast } = late;
  report(
    'a move of an OpenVPN client is known everywhere',
    summary(slow, 'ms'),
    '1 s',
    Math.max(...slow) <= 1000,
  );
  report(
    'a move of an HA client is known everywhere',
    summary(fast, 'ms'),
    '150 ms',
    Math.max(...fast) <= 150,
  );
  await openvpn.remove();
  await ha.remove();
}

function spreadOf(watch: RouteWatch, address: string): number {
  const times = watch
    .of(address)
    .filter(({ table }) => table === '1195')
    .map(({ at }) => at);
  return Math.max(...times) - Math.min(...times);
}

/** Disabled at one controller: until nothing passes at another one, which holds the client. */
async function refusal(runs: number): Promise<void> {
  const [address] = (await clientsOf(lab, 1, 1)) as [string];
  const name = address.replaceAll('.', '_');
  const host = await client(1, address, 'openvpn');
  const cut: number[] = [];
  const cutOff: number[] = [];
  const set = (enabled: boolean) => lab.api(2).put('/clientpack', { name, enabled });
  const passes = async () =>
    (await host.exec(['fping', '-q', '-c1', '-t200', lab.plan(1).siteHost])).code === 0;
  for (let run = 0; run < runs; run++) {
    await until('it is there', passes, 40_000);
    const from = performance.now();
    await set(false);
    await until('nothing passes', async () => !(await passes()), 15_000);
    cut.push(performance.now() - from);
    await set(true);
  }
  for (let run = 0; run < Math.min(runs, 3); run++) {
    await until('it is there', passes, 40_000);
    await lab.cut(1, 2);
    await lab.cut(1, 3);
    await sleep(1500);
    await set(false);
    await sleep(1000);
    await lab.heal();
    const from = performance.now();
    await until('nothing passes', async () => !(await passes()), 40_000);
    cutOff.push(performance.now() - from);
    await set(true);
    await until('all links up', allUp(lab), 90_000);
  }
  report('disabled: live session cut', summary(cut, 'ms'), '5 s', Math.max(...cut) <= 5000);
  report(
    'disabled while its holder was cut off: after the heal',
    summary(cutOff, 'ms'),
    '5 s',
    Math.max(...cutOff) <= 5000,
  );
  await host.remove();
}

async function client(index: number, address: string, kind: 'openvpn' | 'ha'): Promise<ClientHost> {
  const { host } = await startClient(lab, index, address, kind);
  addressOf.set(host, address);
  await until(
    `${address} is attached`,
    async () => (await host.exec(['fping', '-q', '-c1', '-t500', '100.127.255.254'])).code === 0,
  );
  return host;
}

/** Probes to a site's host and back; the returned function ends them and tells the gap of each. */
async function both(host: ClientHost, site: number): Promise<() => Promise<number[]>> {
  const { siteNamespace, siteHost } = lab.plan(site);
  const out = await UdpProbe.between(
    host.plan.namespace,
    { namespace: siteNamespace, address: siteHost },
    { port: port++, intervalMs: INTERVAL_MS },
  );
  const back = await UdpProbe.between(
    siteNamespace,
    { namespace: host.plan.namespace, address: addressOf.get(host)! },
    { port: port++, intervalMs: INTERVAL_MS },
  );
  return async () => {
    return (await Promise.all([out.stop(), back.stop()])).map(({ lost }) => lost * INTERVAL_MS);
  };
}
