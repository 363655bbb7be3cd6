import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { LabFacts } from '../../src/cli/lab-view.ts';
import { Lab } from '../../src/lab/lab.ts';
import { processesIn } from '../../src/lab/processes.ts';
import { attempt, run } from '../../src/lab/program.ts';
import { isAlive } from '../../src/lab/state.ts';
import { labNamespaces } from '../../src/lab/tear-down.ts';
import { root } from '../../src/programs.ts';
import { cli } from '../support/cli.ts';
import { printDiagnosis, TestLab } from '../support/lab.ts';
import { eventually, holds, until } from '../support/until.ts';

/*
 *            site 1                  site 2                  site 3
 *        10.201.1.0/24           10.201.2.0/24           10.201.3.0/24
 *              |                       |                       |
 *       [ controller 1 ] ======= [ controller 2 ] ======= [ controller 3 ]
 *              ||   10.195.0.1         |   10.195.0.2          || 10.195.0.3
 *              ||______________________|_______________________||
 *                         the lab's internet, 10.195.0.0/24
 *                                      |
 *                             this machine, 10.195.0.254
 */
const lab = new TestLab();
const launcher = `${root}/meshwright`;

interface Peers {
  readonly id: number;
  readonly managers: Record<string, { self?: boolean; reachable?: boolean }>;
}

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await printDiagnosis(lab);
});
afterAll(() => Lab.down());

describe('a mesh from one command', () => {
  it('comes up as the README says and tells programs where everything is', async () => {
    const { code, stdout, stderr } = await attempt([launcher, 'lab', 'up', '--json'], { timeoutMs: 150_000 });
    expect(code, stderr).toBe(0);
    const facts = JSON.parse(stdout) as LabFacts;
    expect(facts).toMatchObject({
      phase: 'up',
      license: `${root}/licenses/free.license`,
      impairments: [],
    });
    expect(
      facts.controllers.map(({ password, ...rest }) => ({ ...rest, hasPassword: password !== null })),
    ).toEqual(
      [1, 2, 3].map((id) => ({
        id,
        running: true,
        underlay: `10.195.0.${id}`,
        url: `https://10.195.0.${id}:8000`,
        loopback_url: `https://127.0.0.${10 + id}:8000`,
        user: 'api',
        site_subnet: `10.201.${id}.0/24`,
        site_host: `10.201.${id}.10`,
        hasPassword: true,
      })),
    );
    expect(existsSync(facts.license)).toBe(true);
    const status = await cli(['lab', 'status', '--json']);
    expect(JSON.parse(status.stdout)).toEqual(facts);
  });

  it('lets every site reach every other, and prints that', async () => {
    await lab.untilReachable();
    const { stdout } = await cli(['lab', 'status']);
    expect(stdout).toMatch(/^ +site 3 +[\d.]+ +[\d.]+ +-$/m);
    expect(stdout).not.toContain('no answer');
  });

  it('has all links up and all members known', async () => {
    await lab.untilAllUp();
    for (const id of [1, 2, 3]) {
      const { controller, applier } = await lab.mesh(id);
      expect(controller).toMatchObject({ id, licensed: true, keyset: 'present', licensed_controllers: 10 });
      expect(applier).toMatchObject({ connected: true, last_error: null });
      const names = applier.engines.map(({ name, running }) => `${name} ${running}`);
      const others = [1, 2, 3].filter((other) => other !== id);
      const expected = [
        'bird',
        'openvpn',
        'client-watch',
        'link@mwclients',
        ...others.map((other) => `link@mw${other}`),
      ];
      expect(names.sort()).toEqual(expected.map((name) => `${name} true`).sort());
      await eventually(
        `controller ${id} sees the others directly, with their networks`,
        async () => {
          const known = (await lab.mesh(id)).members.filter((member) => member.known);
          expect(known.map((member) => [member.id, member.path.kind, member.networks])).toEqual(
            [1, 2, 3].map((other) => [other, other === id ? 'self' : 'direct', [`10.201.${other}.0/24`]]),
          );
        },
        { within: 10 },
      );
    }
  });

  it('shows one topology checksum and one keyset everywhere', async () => {
    const sums = new Set<string>();
    const keysets = new Set<string>();
    for (const id of [1, 2, 3]) {
      const config = await lab.api(id).get<{ topology_checksum: string }>('/config');
      const keyset = await lab.api(id).get<{ checksum: string; keyset_present: boolean }>('/keyset');
      expect(keyset.keyset_present).toBe(true);
      sums.add(config.topology_checksum);
      keysets.add(keyset.checksum);
    }
    expect([...sums]).toEqual([expect.stringMatching(/^[0-9a-f]{40}$/)]);
    expect(keysets.size).toBe(1);
    await eventually(
      'members compare their checksums',
      async () => {
        for (const id of [1, 2, 3]) {
          const { members } = await lab.mesh(id);
          expect(members.filter((one) => one.known).map((one) => one.checksum)).toEqual([
            'match',
            'match',
            'match',
          ]);
        }
      },
      { within: 15 },
    );
  });

  it('says so to clients of the wire contract', async () => {
    for (const id of [1, 2, 3]) {
      const peers = await lab.api(id).get<Peers>('/peering');
      expect(peers.id).toBe(id);
      const others = [1, 2, 3].filter((other) => other !== id);
      expect(others.map((other) => peers.managers[other]?.reachable)).toEqual([true, true]);
      expect(peers.managers[id]).toMatchObject({ self: true });
      const subnets = await lab.api(id).get<[string, string][]>('/status/connected_subnets');
      for (const other of [1, 2, 3]) expect(subnets).toContainEqual([`10.201.${other}.0`, '255.255.255.0']);
    }
  });

  it('prints a status that a person can read, and an exit code for scripts', async () => {
    const { code, stdout } = await cli(['status', '--lab', '1', '--check']);
    expect(stdout).toMatch(/^Controller 1 "mwlab-c1" of topology "lab"/);
    expect(stdout).toMatch(/^2 +up .* direct +10\.195\.0\.2:1195$/m);
    expect(code).toBe(0);
  });

  it('does not flap when nothing happens', async () => {
    const marks = await lab.mark();
    await holds(
      'no link goes down',
      () => lab.expectNo(['link_down', 'link_degraded', 'member_unreachable', 'identity_clash'], marks),
      { lasting: 15, everyMs: 3000 },
    );
  });

  it('refuses a second lab in clear words', async () => {
    const { code, stderr } = await cli(['lab', 'up']);
    expect(code).toBe(1);
    expect(stderr).toBe(
      'meshwright: a lab with 3 controllers is running; end it with `meshwright lab down`\n',
    );
    await lab.untilReachable();
  });

  it('goes without a trace', async () => {
    const pids = labProcesses();
    expect(pids.length).toBeGreaterThan(20);
    const { code, stderr } = await attempt([launcher, 'lab', 'down']);
    expect(code, stderr).toBe(0);
    expect(await traces(pids)).toEqual([]);
    expect((await cli(['lab', 'status'])).stderr).toContain('no lab is running');
  });
});

describe('a lab that was killed while it started', () => {
  it.each(['network:', 'controllers answer'])('is removed by `lab down` after "%s"', async (words) => {
    await killLabUpAfter(words);
    const pids = labProcesses();
    expect(await traces(pids)).not.toEqual([]);
    const { code, stderr } = await cli(['lab', 'down']);
    expect(code, stderr).toBe(0);
    expect(await traces(pids)).toEqual([]);
  });

  it('makes room for the next one', async () => {
    await killLabUpAfter('network:');
    await Lab.up({ size: 1, fresh: true });
    expect((await lab.mesh(1)).controller).toMatchObject({ id: null, licensed: false, keyset: 'absent' });
    const pids = labProcesses();
    await Lab.down();
    expect(await traces(pids)).toEqual([]);
  });
});

/** `lab up` dies the hard way as soon as it has said these words. */
async function killLabUpAfter(words: string): Promise<void> {
  const child = spawn(process.execPath, [`${root}/src/cli/main.ts`, 'lab', 'up'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  for await (const line of createInterface({ input: child.stderr })) {
    if (line.includes(words)) child.kill('SIGKILL');
  }
  await until('`lab up` is dead', () => !isAlive(child.pid!), { within: 5 });
}

/** Processes that live in the lab's networks. */
function labProcesses(): number[] {
  return processesIn(labNamespaces())
    .map(({ pid }) => pid)
    .filter((pid) => pid !== process.pid);
}

/** Whatever of a lab is on this machine: namespaces, wires, rules, mounts, directories, and of these processes. */
async function traces(pids: readonly number[]): Promise<string[]> {
  const links = JSON.parse(await run(['ip', '-j', 'link', 'show'])) as { ifname: string }[];
  const matching = (text: string) =>
    text.split('\n').filter((line) => /mwlab|meshwright-(lab|code)/.test(line));
  const directories = ['/run/meshwright-lab', '/run/meshwright-code', '/var/lib/meshwright-lab'];
  return [
    ...links.map(({ ifname }) => ifname).filter((name) => name.startsWith('mwlab')),
    ...matching(await run(['nft', 'list', 'tables'])),
    ...matching(await run(['ip', 'netns', 'list'])),
    ...matching(readFileSync('/proc/mounts', 'utf8')),
    ...directories.filter((path) => existsSync(path)),
    ...pids.filter(runs).map((pid) => `process ${pid}`),
  ];
}

/** Ended processes whose parent has not asked for their end yet do not run any more. */
function runs(pid: number): boolean {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
