import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../src/compile/compile.ts';
import type { Intent } from '../../src/compile/intent.ts';
import { sampleIntent } from '../../src/compile/sample-intent.ts';
import type { DesiredState } from '../../src/desired/state.ts';
import { searchPath } from '../../src/lab/machine.ts';
import { attempt, run } from '../../src/lab/program.ts';
import { renderBird } from '../../src/render/bird.ts';
import { renderNftables } from '../../src/render/nftables.ts';
import { renderLinkAddresses, renderWireguard } from '../../src/render/wireguard.ts';
import { until } from '../support/until.ts';

/*
 *     no lab: one namespace with a tunnel that leads nowhere        [ mw1 ]--
 *
 *     src/render/golden/*  --->  bird -p, nft -c, wg setconf, ip -batch
 */
const namespace = `mwtest-${process.pid}`;
const golden = new URL('../../src/render/golden/', import.meta.url);
const text = (name: string) => readFileSync(new URL(name, golden), 'utf8');
const inside = (...argv: string[]) => ['nsenter', `--net=/run/netns/${namespace}`, ...argv];
let directory = '';
let engine = '';

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'meshwright-'));
  await run(['ip', 'netns', 'add', namespace]);
  await run(inside('ip', 'link', 'set', 'lo', 'up'));
  // In the kernel where it has WireGuard, else a process of its own, as on a controller.
  const { code } = await attempt(inside('ip', 'link', 'add', 'mw1', 'type', 'wireguard'));
  if (code !== 0) {
    await run([
      'env',
      `PATH=${searchPath.replaceAll('/run/meshwright-code', process.cwd())}`,
      ...inside('wireguard-go', 'mw1'),
    ]);
    engine = 'mw1';
  }
  await until('the tunnel exists', async () => (await attempt(inside('wg', 'show', 'mw1'))).code === 0, {
    within: 5,
  });
});

afterAll(async () => {
  await attempt(inside('ip', 'link', 'del', 'mw1'));
  await attempt(['ip', 'netns', 'del', namespace]);
  if (engine) rmSync(`/var/run/wireguard/${engine}.sock`, { force: true });
  rmSync(directory, { recursive: true, force: true });
});

/** BIRD opens its log while it parses; where that lies is made up for it, in a mount namespace of its own. */
function birdCheck(config: string) {
  const file = join(directory, 'bird.conf');
  writeFileSync(file, config);
  const script =
    'mount -t tmpfs tmpfs /run && mkdir -p /run/meshwright-applier/bird/run && exec bird -p -c "$1"';
  return attempt(['unshare', '--mount', 'sh', '-c', script, 'sh', file]);
}

const nftCheck = (rules: string) => attempt(inside('nft', '-c', '-f', '-'), { input: rules });

function wgSet(config: string) {
  const file = join(directory, 'link.conf');
  writeFileSync(file, config, { mode: 0o600 });
  return attempt(inside('wg', 'setconf', 'mw1', file));
}

/** Starts OpenVPN with a golden file and waits until it listens. */
async function expectServerStarts(where: string): Promise<void> {
  const files = join(directory, 'openvpn');
  mkdirSync(join(files, 'clients'), { recursive: true });
  writeFileSync(join(files, 'hook'), text(`${where}openvpn-hook`));
  const config = text(`${where}openvpn-server.conf`).replaceAll('/run/meshwright-applier/openvpn', files);
  writeFileSync(join(files, 'server.conf'), config);
  const server = spawn('nsenter', inside('openvpn', '--config', join(files, 'server.conf')).slice(1));
  let said = '';
  server.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  try {
    await until(
      'it listens',
      () => said.includes('Initialization Sequence Completed') || Promise.reject(new Error(said)),
      {
        within: 10,
      },
    );
  } finally {
    // The next one takes the same port and interface.
    if (server.kill('SIGKILL')) await once(server, 'exit');
  }
}

const words = ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) =>
  code === 0 ? 'accepted' : `${stdout}${stderr}`;

describe('golden files', () => {
  it('are accepted: bird.conf', async () =>
    expect(words(await birdCheck(text('bird.conf')))).toBe('accepted'));
  it('are accepted: nftables.nft', async () =>
    expect(words(await nftCheck(text('nftables.nft')))).toBe('accepted'));

  it('are accepted: sealed.nft', async () =>
    expect(words(await nftCheck(text('sealed.nft')))).toBe('accepted'));
  it('are accepted: sets.ipset, and rules that look into them', async () => {
    const feed = (program: string, file: string, ...args: string[]) =>
      attempt(inside(program, ...args), { input: text(file) });
    expect(words(await feed('ipset', 'sets.ipset', 'restore'))).toBe('accepted');
    for (const [program, file] of [
      ['iptables-nft-restore', 'rules.v4'],
      ['ip6tables-nft-restore', 'rules.v6'],
    ] as const) {
      for (const args of [['--test'], []]) {
        expect(words(await feed(program, file, '--noflush', '--counters', ...args)), file).toBe('accepted');
      }
    }
  });

  it('are accepted: mw1.conf', async () => {
    expect(words(await wgSet(text('mw1.conf')))).toBe('accepted');
    const dump = await run(inside('wg', 'show', 'mw1', 'dump'));
    const [self, peer] = dump
      .trim()
      .split('\n')
      .map((line) => line.split('\t'));
    const port = /ListenPort = (\d+)/.exec(text('mw1.conf'))?.[1];
    expect(self!.slice(2)).toEqual([port, '0x6d77']);
    expect(peer!.slice(2, 4)).toEqual([`[2001:db8::1]:${port}`, '0.0.0.0/0']);
  });

  it('are accepted: mw3.ip, twice', async () => {
    const lines = text('mw3.ip').replaceAll('mw3', 'mw1');
    for (const _ of [1, 2])
      expect(words(await attempt(inside('ip', '-batch', '-'), { input: lines }))).toBe('accepted');
    const [link] = JSON.parse(await run(inside('ip', '-j', 'address', 'show', 'dev', 'mw1'))) as {
      mtu: number;
      addr_info: { family: string; local: string; prefixlen: number }[];
    }[];
    const address = /address replace (\S+)/.exec(lines)?.[1];
    expect(link!.mtu).toBe(1280);
    expect(
      link!.addr_info.filter(({ family }) => family === 'inet').map((one) => `${one.local}/${one.prefixlen}`),
    ).toEqual([address]);
  });

  it('are accepted: bird.conf of an HA pack', async () =>
    expect(words(await birdCheck(text('pack-ha/bird.conf')))).toBe('accepted'));

  it('are accepted: WireGuard of clients, with a peer for each', async () => {
    expect(words(await wgSet(text('mwclients.conf')))).toBe('accepted');
    const peers = (await run(inside('wg', 'show', 'mw1', 'allowed-ips'))).trim().split('\n');
    expect(peers).toHaveLength(2);
    expect(peers.join()).toContain('10.9.0.0/24');
    expect(words(await wgSet(text('pack-ha/mwc1.conf')))).toBe('accepted');
  });

  it('are accepted: scripts', async () => {
    for (const name of ['openvpn-hook', 'pack-ha/tunnel', 'pack-ha/install.sh', 'pack-ha/uninstall.sh'])
      expect(words(await attempt(['sh', '-n', new URL(name, golden).pathname]))).toBe('accepted');
  });

  it.each(['', 'ipv6/'])('are accepted: %sopenvpn-server.conf, by a server that starts with it', (where) =>
    expectServerStarts(where),
  );

  it('are accepted: those of an overlay with IPv6', async () => {
    expect(words(await birdCheck(text('ipv6/bird.conf')))).toBe('accepted');
    expect(words(await birdCheck(text('ipv6/pack-ha/bird.conf')))).toBe('accepted');
    expect(words(await nftCheck(text('ipv6/nftables.nft')))).toBe('accepted');
    for (const name of ['ipv6/openvpn-hook', 'ipv6/pack-ha/tunnel'])
      expect(words(await attempt(['sh', '-n', new URL(name, golden).pathname]))).toBe('accepted');
    for (const [name, networks] of [
      ['mw1.conf', ['fd84:bfd9:6df2::/64']],
      ['pack-ha/mwc1.conf', ['fd84:bfd9:6df2::/64']],
      ['mwclients.conf', ['fd84:bfd9:6df2::647f:ffc1/128', 'fd84:bfd9:6df2::647f:ffc2/128']],
    ] as const) {
      expect(words(await wgSet(text(`ipv6/${name}`))), name).toBe('accepted');
      const allowed = await run(inside('wg', 'show', 'mw1', 'allowed-ips'));
      for (const network of networks) expect(allowed, name).toContain(network);
    }
  });

  it('would be refused with a line that does not belong there', async () => {
    expect(words(await birdCheck(`${text('bird.conf')}\nrubbish;\n`))).toContain('syntax error');
    expect((await nftCheck(`${text('nftables.nft')}\nrubbish\n`)).code).not.toBe(0);
    expect((await wgSet(`${text('mw1.conf')}\nRubbish = 1\n`)).code).not.toBe(0);
  });
});

/** Intents of every shape that the store can hold. */
const intents: fc.Arbitrary<Intent> = fc
  .record({
    peers: fc.uniqueArray(fc.integer({ min: 1, max: 10 }), { maxLength: 9 }),
    self: fc.integer({ min: 1, max: 10 }),
    seed: fc.integer({ min: 0, max: 4294967295 }),
    mtu: fc.integer({ min: 500, max: 4800 }),
    multiplier: fc.integer({ min: 3, max: 20 }),
    intervalMs: fc.constantFrom(10, 20, 50, 100),
    flags: fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }),
    device: fc.constantFrom('eth1', 'bond0.100', 'a_b-c.d', '9lives', null),
    endpoint: fc.constantFrom('192.0.2.9', '2001:db8::9', null),
    lengths: fc.array(fc.integer({ min: 1, max: 32 }), { maxLength: 8 }),
  })
  .map(({ peers, self, seed, mtu, multiplier, intervalMs, flags, device, endpoint, lengths }) => {
    const sample = sampleIntent();
    const controllers = Array.from({ length: 10 }, (_, index) => ({
      id: index + 1,
      address: `100.127.255.${253 - index}`,
      asn: 65001 + index,
    }));
    const routes = lengths.map((length, index) => ({
      cidr: `${length < 8 ? '64.0.0.0' : `10.0.0.0`}/${Math.max(length, 2)}`,
      gateway: flags[index] ? '10.195.0.9' : null,
      interface: flags[index + 8] ? device : null,
      metric: index,
      advertise: flags[index + 4] ?? false,
    }));
    return {
      ...sample,
      self,
      instance: seed,
      controllers,
      routes,
      ...(flags[19] && { ula: 'fd84:bfd9:6df2::/64' }),
      peers: peers.map((id, index) => ({
        ...sample.peers[0]!,
        id,
        endpoint: flags[index] ? endpoint : `192.0.2.${id}`,
        overlayMtu: mtu,
        bfd: { intervalMs, multiplier },
        avoid: flags[index + 1]!,
        pinned: flags[index + 2]!,
      })),
    } as unknown as Intent;
  });

const RUNS = { numRuns: 25 };
const everyState = (check: (state: DesiredState) => Promise<void>) =>
  fc.assert(
    fc.asyncProperty(intents, (intent) => check(compile(intent))),
    RUNS,
  );

describe('text of any intent', () => {
  it('is accepted by BIRD', () =>
    everyState(async (state) => {
      expect(words(await birdCheck(renderBird(state)))).toBe('accepted');
    }));

  it('is accepted by nft', () =>
    everyState(async (state) => {
      expect(words(await nftCheck(renderNftables(state)))).toBe('accepted');
    }));

  it('is accepted by wg and ip', () =>
    everyState(async (state) => {
      for (const link of state.links.slice(0, 3)) {
        expect(words(await wgSet(renderWireguard(link, state.self.ula)))).toBe('accepted');
        const lines = renderLinkAddresses(link)
          .replaceAll(`mw${link.peer} `, 'mw1 ')
          .replaceAll(`mw${link.peer}\n`, 'mw1\n');
        expect(words(await attempt(inside('ip', '-batch', '-'), { input: lines }))).toBe('accepted');
      }
    }));
});
