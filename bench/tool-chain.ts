import type { ClientHost } from '../src/lab/client-host.ts';
import { run } from '../src/lab/program.ts';
import { wireguardGo } from './field/wireguard.ts';
import { until } from './support.ts';

/**
 * What clients use, without Meshwright: four hosts in a row, joined by tunnels of the same engines at the same MTU, with static
 * routes and nothing that looks at a packet. What is between two clients of two controllers, and the least that it can cost.
 *
 *   near 10.99.0.1 ==first== R1 ==WireGuard== R2 ==last== far 10.99.0.2
 */
export type Engine = 'wireguard' | 'openvpn';
export const FAR = '10.99.0.2';
const NEAR = '10.99.0.1';
const MTU = '1420';

export interface ChainKind {
  readonly ends: Engine;
  /** Before the program that answers OpenVPN clients: nothing, or what gives it the priority that a controller's has. */
  readonly priority?: readonly string[];
}

export async function buildChain(
  hosts: readonly [ClientHost, ClientHost, ClientHost, ClientHost],
  { ends, priority }: ChainKind,
) {
  const [near, one, two, far] = hosts;
  await tunnel(near, one, 1, ends, priority);
  await tunnel(one, two, 2, 'wireguard');
  await tunnel(far, two, 3, ends, priority);
  const ways: [ClientHost, string, string][] = [
    [near, FAR, 't1'],
    [one, FAR, 't2'],
    [one, NEAR, 't1'],
    [two, FAR, 't3'],
    [two, NEAR, 't2'],
    [far, NEAR, 't3'],
  ];
  await must(near, 'ip', 'address', 'add', `${NEAR}/32`, 'dev', 'lo');
  await must(far, 'ip', 'address', 'add', `${FAR}/32`, 'dev', 'lo');
  for (const host of [one, two]) await must(host, 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
  for (const [host, to, device] of ways) {
    const source = host === near ? ['src', NEAR] : host === far ? ['src', FAR] : [];
    await until(
      `${device} is there`,
      async () => (await host.exec(['ip', 'link', 'show', device])).code === 0,
    );
    await must(host, 'ip', 'route', 'add', to, 'dev', device, ...source);
  }
  await until('the ends reach each other', async () => {
    const { code } = await near.exec(['fping', '-q', '-c1', '-t500', FAR]);
    return code === 0;
  });
}

async function tunnel(
  caller: ClientHost,
  called: ClientHost,
  number: number,
  engine: Engine,
  priority: readonly string[] = [],
): Promise<void> {
  const name = `t${number}`;
  if (engine === 'wireguard') {
    const keys = await Promise.all([newKeys(), newKeys()]);
    await wireguard(called, name, number, keys[0].privateKey, `PublicKey = ${keys[1].publicKey}`);
    const peer = `PublicKey = ${keys[0].publicKey}\nEndpoint = ${called.plan.underlay}:${51820 + number}`;
    await wireguard(caller, name, number, keys[1].privateKey, peer);
  } else {
    const print = [await certificate(called, name), await certificate(caller, name)] as const;
    const common = [
      '--dev',
      name,
      '--dev-type',
      'tun',
      '--proto',
      'udp',
      '--tun-mtu',
      MTU,
      '--data-ciphers',
      'AES-256-GCM',
    ];
    const files = ({ plan }: ClientHost) => {
      const path = `${plan.directory}/${name}`;
      return ['--cert', `${path}.crt`, '--key', `${path}.key`, '--ping', '1'];
    };
    const ends = (own: number, other: number) => [
      '--ifconfig',
      `10.98.${number}.${own}`,
      `10.98.${number}.${other}`,
    ];
    // Only at this end, as with us: a client of 2.6 that has it does not connect again after it lost its server.
    const listen = [
      '--fast-io',
      '--port',
      String(1300 + number),
      '--tls-server',
      '--dh',
      'none',
      '--peer-fingerprint',
      print[1],
    ];
    called.start([...priority, 'openvpn', ...common, ...files(called), ...ends(1, 2), ...listen], name);
    const dial = ['--remote', called.plan.underlay, String(1300 + number), '--nobind', '--tls-client'];
    caller.start(
      ['openvpn', ...common, ...files(caller), ...ends(2, 1), ...dial, '--peer-fingerprint', print[0]],
      name,
    );
  }
}

async function wireguard(
  host: ClientHost,
  name: string,
  number: number,
  key: string,
  peer: string,
): Promise<void> {
  const conf = `[Interface]\nPrivateKey = ${key}\nListenPort = ${51820 + number}\n\n[Peer]\n${peer}\nAllowedIPs = 0.0.0.0/0\nPersistentKeepalive = 5\n`;
  host.write([{ name: `${name}.conf`, mode: 0o600, text: conf }]);
  host.start(wireguardGo(name), name);
  await until(`${name} is configured`, async () => {
    const { code } = await host.exec(['wg', 'setconf', name, `${host.plan.directory}/${name}.conf`]);
    return code === 0;
  });
  await must(host, 'ip', 'link', 'set', name, 'mtu', MTU, 'up');
}

async function newKeys(): Promise<{ privateKey: string; publicKey: string }> {
  const privateKey = (await run(['wg', 'genkey'])).trim();
  return { privateKey, publicKey: (await run(['wg', 'pubkey'], { input: privateKey })).trim() };
}

/** A certificate of its own for one end of a tunnel; its fingerprint is all that the other end asks for. */
async function certificate(host: ClientHost, name: string): Promise<string> {
  const files = [
    '-keyout',
    `${host.plan.directory}/${name}.key`,
    '-out',
    `${host.plan.directory}/${name}.crt`,
  ];
  const kind = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=end',
  ];
  await must(host, 'openssl', 'req', '-x509', ...kind, ...files);
  const text = await must(
    host,
    'openssl',
    'x509',
    '-noout',
    '-fingerprint',
    '-sha256',
    '-in',
    `${host.plan.directory}/${name}.crt`,
  );
  return text.trim().split('=')[1]!;
}

async function must(host: ClientHost, ...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await host.exec(argv);
  if (code !== 0) throw new Error(`${argv.join(' ')}: ${stderr}`);
  return stdout;
}
