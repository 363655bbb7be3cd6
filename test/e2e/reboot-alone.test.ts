import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { runScripts } from '../../src/cli/serve/services.ts';
import { controllerPlan, lab as names } from '../../src/lab/plan.ts';
import { partOf } from '../../src/lab/processes.ts';
import { testLab } from '../support/lab.ts';
import { eventually } from '../support/until.ts';

/*
 *     site 1 ---- [ 1 ]               (2)     (3)      all three lost power; 2 and 3 stay off,
 *                   |                                  the name server answers nothing,
 *         applier and engines only                     the controller process of 1 is not started
 *
 *     afterwards 2 and 3 return, and 1 last of all gets its controller process back
 */
const lab = testLab();

/** What the kernel and BIRD of controller 1 hold, as far as it comes from the applied state. */
interface Machine {
  readonly addresses: readonly string[];
  readonly rules: readonly string[];
  readonly guards: readonly string[];
  readonly nftables: string;
  readonly bird: string;
  readonly tunnels: readonly string[];
}

async function machine(): Promise<Machine> {
  const text = async (...argv: string[]) => {
    const { code, stdout, stderr } = await lab.exec(1, argv);
    if (code !== 0) throw new Error(`${argv.join(' ')}: ${stderr}`);
    return stdout.trim();
  };
  const interfaces = JSON.parse(await text('ip', '-j', 'address', 'show')) as {
    ifname: string;
    mtu: number;
    flags: string[];
    addr_info: { local: string; prefixlen: number; family: string }[];
  }[];
  const wg = await text('wg', 'show', 'all', 'dump');
  return {
    addresses: interfaces
      .filter(({ ifname }) => /^(mw\d+|lo)$/.test(ifname))
      .map(({ ifname, mtu, flags, addr_info }) => {
        const all = addr_info.filter(({ family }) => family === 'inet');
        const shown = all.map(({ local, prefixlen }) => `${local}/${prefixlen}`).sort();
        return `${ifname} ${mtu} ${flags.includes('UP') ? 'up' : 'down'} ${shown.join(' ')}`;
      })
      .sort(),
    rules: (await text('ip', 'rule', 'show')).split('\n').map((line) => line.trim()),
    guards: (await text('ip', 'route', 'show', 'table', '1195', 'proto', '195'))
      .split('\n')
      .map((line) => line.trim())
      .sort(),
    nftables: await text('nft', 'list', 'table', 'inet', 'meshwright'),
    bird: await text('cat', '/run/meshwright-applier/bird/bird.conf'),
    // Interface, own key, listening port and mark; peer's key, address and allowed networks, without counters.
    tunnels: wg
      .split('\n')
      .map((line) => line.split('\t').slice(0, 5).join(' '))
      .sort(),
  };
}

let before: Machine;

beforeAll(async () => {
  await lab.untilAllUp();
  before = await machine();
  for (const id of [1, 2, 3]) await lab.powerOff(id);
  const disk = `${controllerPlan(1).directory}/etc`;
  writeFileSync(`${disk}/resolv.conf`, 'nameserver 10.195.0.222\noptions timeout:5 attempts:3\n');
  const script = runScripts.applier.replace('#!/bin/sh\n', '');
  await lab.powerOn(1, ['env', `MESHWRIGHT_ROOT=${names.codeDirectory}`, 'sh', '-c', script]);
});

describe('a machine that boots with nobody to ask', () => {
  it('has only an applier and engines', async () => {
    await eventually(
      'the engines run',
      () => {
        const engines = lab.processes(1).filter(({ name }) => name === 'bird' || name === 'wireguard-go');
        const running = engines.map(({ name, argv }) => (name === 'bird' ? name : `tunnel ${argv.at(-1)}`));
        expect(running.sort()).toEqual(['bird', 'tunnel mw2', 'tunnel mw3', 'tunnel mwclients']);
      },
      { within: 15 },
    );
    expect(partOf(lab.processes(1), 'controller')).toEqual([]);
    // A program that it starts has its name for a moment.
    await eventually('one applier', () => expect(partOf(lab.processes(1), 'applier')).toHaveLength(1), {
      within: 5,
    });
  });

  it('restores interfaces, addresses, rules, tunnels and BIRD as they were applied last', async () => {
    await eventually('all is as before', async () => expect(await machine()).toEqual(before), { within: 20 });
    expect(before.addresses).toEqual([
      expect.stringMatching(/^lo .* up 100\.127\.255\.253\/32 100\.127\.255\.254\/32 127\.0\.0\.1\/8$/),
      expect.stringMatching(/^mw2 1420 up 169\.254\.\d+\.\d+\/31$/),
      expect.stringMatching(/^mw3 1420 up 169\.254\.\d+\.\d+\/31$/),
    ]);
  });

  it('forwards for its site, and keeps packets for the absent ones off the underlay', async () => {
    const own = await lab.exec({ site: 1 }, ['fping', '-C1', '-q', '-t500', '100.127.255.253']);
    expect(own.code, own.stderr).toBe(0);
    const route = await lab.exec(1, ['ip', 'route', 'get', '100.127.255.252']);
    expect(route.code).not.toBe(0);
    expect(route.stderr).toMatch(/unreachable|No route/i);
  });
});

describe('the others, back on', () => {
  it('reach it while its controller process is still absent', async () => {
    await Promise.all([lab.powerOn(2), lab.powerOn(3)]);
    await lab.untilLink(2, 1, 'up', 40);
    await lab.untilLink(3, 1, 'up', 40);
    await lab.untilLink(2, 3, 'up', 40);
    await lab.untilReachable(30);
    const { links } = await lab.mesh(2);
    expect(links.find(({ peer }) => peer === 1)?.reasons).toEqual([]);
  });

  it('find it complete after it is served again', async () => {
    await lab.powerOff(1);
    await lab.powerOn(1);
    await lab.untilAllUp(40);
    await lab.untilReachable();
    expect(await machine()).toEqual(before);
    expect((await lab.mesh(1)).controller).toMatchObject({ id: 1, licensed: true, keyset: 'present' });
    expect(readFileSync(`${controllerPlan(1).directory}/etc/resolv.conf`, 'utf8')).toContain('10.195.0.222');
  });
});
