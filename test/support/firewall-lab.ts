import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import type { DesiredFirewall, DesiredSet } from '../../src/desired/firewall.ts';
import { tokenise } from '../../src/firewall/grammar/tokenise.ts';
import { lab as names } from '../../src/lab/plan.ts';
import { run } from '../../src/lab/program.ts';
import { Border } from './applier.ts';
import { stopFlows } from './flow.ts';
import { inNamespace, type Knock, startAnswering, stopAnswering } from './knock.ts';
import { type TestLab, testLab } from './lab.ts';

/*
 *   this machine (a stranger on the underlay)
 *     10.195.0.254, fd00:195::254
 *            |
 *   =========+============== underlay 10.195.0.0/24 ==================+=====
 *            | eth0 10.195.0.1, fd00:195::1                           | eth0 10.195.0.2
 *          [ 1 ]===================== mw2 / mw1 ====================[ 2 ]
 *            | site0 10.201.1.1, fd00:201::1                   site0 |
 *       site 1 10.201.1.10, fd00:201::10            site 2 10.201.2.10
 *
 *   What a test does, it does to controller 1, over the border socket.
 */
export const SITE1 = 'mwlab-s1';
export const SITE2 = 'mwlab-s2';
export const STRANGER = null;
export const STRANGER_AT = { v4: '10.195.0.254', v6: 'fd00:195::254' };
export const C1 = {
  underlay: '10.195.0.1',
  site: '10.201.1.1',
  overlay: '100.127.255.253',
  v6: 'fd00:195::1',
  siteV6: 'fd00:201::1',
};
export const HOST1 = { v4: '10.201.1.10', v6: 'fd00:201::10' };
export const HOST2 = '10.201.2.10';
export const PORTS = [9000, 9001, 9002, 9003, 9004, 9005];

/** A rule's id is its place in the list, so that counters can be asked for by place. */
export const idOf = (index: number) => (0xf0000000 + index).toString(16);

export function firewall(lines: readonly string[], more: Partial<DesiredFirewall> = {}): DesiredFirewall {
  const rules = lines.map((line, index) => {
    const [table = '', ...words] = tokenise(line);
    return { id: idOf(index), table, words };
  });
  return { sealed: false, clientsMayManage: false, subtables: [], sets: [], ...more, rules };
}

export const set = (name: string, type: DesiredSet['type'], ...entries: string[]): DesiredSet => ({
  name,
  type,
  entries,
});

export const inOne = (...argv: string[]) => run(inNamespace('mwlab-c1', argv));

/** `iptables-save` without the time of day and what was counted. */
export const unstamped = (text: string) => text.replace(/^#.*\n/gm, '').replace(/\[\d+:\d+\]/g, '');

/** Questions that do not depend on each other, asked at the same time: silence takes a second to be heard. */
export async function expectEach(asked: readonly (readonly [Promise<Knock>, string])[]): Promise<void> {
  expect(await Promise.all(asked.map(([answer]) => answer))).toEqual(asked.map(([, wanted]) => wanted));
}

/** Gives controller 1, its site and this machine IPv6 addresses as well, which the lab itself does not need. */
export async function addAddresses(): Promise<void> {
  await run(['ip', 'address', 'add', `${STRANGER_AT.v6}/64`, 'dev', names.hostInterface, 'nodad']);
  await run(['ip', 'route', 'add', '10.201.1.0/24', 'via', C1.underlay]);
  await run(['ip', '-6', 'route', 'add', 'fd00:201::/64', 'via', C1.v6]);
  await addLocalAddresses();
}

/** Those that are gone with the controller's power: the cable to its site has lost an end then. */
export async function addLocalAddresses(): Promise<void> {
  await inOne('sysctl', '-qw', 'net.ipv6.conf.all.forwarding=1');
  await inOne('ip', 'address', 'add', `${C1.v6}/64`, 'dev', 'eth0', 'nodad');
  await inOne('ip', 'address', 'add', `${C1.siteV6}/64`, 'dev', 'site0', 'nodad');
  await run(inNamespace(SITE1, ['ip', 'address', 'add', `${HOST1.v6}/64`, 'dev', 'eth0', 'nodad']));
  await run(inNamespace(SITE1, ['ip', '-6', 'route', 'add', 'default', 'via', C1.siteV6]));
}

export interface FirewallLab {
  readonly lab: TestLab;
  readonly one: Border;
  /** What the rule at a place of the list has met. */
  packetsOf(index: number): Promise<number>;
}

let shared: FirewallLab | null = null;

/**
 * Two controllers of which the first is driven over the border socket; every test begins with no rule. One for all parts of
 * a test file.
 */
export function firewallLab(): FirewallLab {
  shared ??= setUp();
  return shared;
}

function setUp(): FirewallLab {
  const lab = testLab({ size: 2 });
  const one = new Border(lab, 1);

  beforeAll(async () => {
    await lab.untilAllUp();
    await addAddresses();
    await startAnswering(SITE1, ...PORTS);
    await startAnswering(SITE2, ...PORTS);
    await startAnswering(STRANGER, ...PORTS);
    await one.holdController();
    // The ports of management and SSH too: their owners are not there now.
    await startAnswering('mwlab-c1', 22, 8000, 8001, ...PORTS);
    await one.watch();
  });

  beforeEach(() => one.apply(firewall([])));

  afterAll(() => {
    stopFlows();
    stopAnswering();
    one.close();
  });

  return {
    lab,
    one,
    packetsOf: async (index) => (await one.counters()).find(({ id }) => id === idOf(index))?.packets ?? 0,
  };
}
