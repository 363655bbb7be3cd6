import { availableParallelism } from 'node:os';
import { run } from '../../src/lab/program.ts';
import type { Field } from './field.ts';

/** WireGuard of the project's own engine: a tunnel interface, with the priority that the project gives it. */
export interface Keys {
  readonly privateKey: string;
  readonly publicKey: string;
}

export async function newKeys(): Promise<Keys> {
  const privateKey = (await run(['wg', 'genkey'])).trim();
  return { privateKey, publicKey: (await run(['wg', 'pubkey'], { input: privateKey })).trim() };
}

export interface Peer {
  readonly publicKey: string;
  readonly endpoint: string;
  readonly networks: readonly string[];
}

/** As `packaging/link-engine` starts it: the same priority, on half of the cores. */
export const wireguardGo = (device: string): string[] => {
  const threads = Math.ceil(availableParallelism() / 2);
  return ['env', `GOMAXPROCS=${threads}`, 'chrt', '--rr', '10', 'wireguard-go', '-f', device];
};

/** Names of interfaces differ across all fields: wireguard-go's control sockets lie in one directory of the machine. */
export const deviceOf = (field: Field, id: number, peer: number | 'all') => `wg${field.number}-${id}-${peer}`;

export async function wireguard(
  field: Field,
  id: number,
  peer: number | 'all',
  tunnel: { keys: Keys; port: number; peers: readonly Peer[]; addresses: readonly string[] },
): Promise<void> {
  const device = deviceOf(field, id, peer);
  const peers = tunnel.peers.map(
    (peer) =>
      `[Peer]\nPublicKey = ${peer.publicKey}\nEndpoint = ${peer.endpoint}\nAllowedIPs = ${peer.networks.join(', ')}\n`,
  );
  const own = `[Interface]\nPrivateKey = ${tunnel.keys.privateKey}\nListenPort = ${tunnel.port}\n`;
  const file = field.write(id, `${device}.conf`, [own, ...peers].join('\n'));
  field.start(id, wireguardGo(device), null);
  await field.untilThere(device, id, ['wg', 'setconf', device, file]);
  for (const address of tunnel.addresses)
    await field.exec(id, ['ip', 'address', 'add', address, 'dev', device]);
  await field.exec(id, ['ip', 'link', 'set', device, 'mtu', '1420', 'up']);
}

export async function wireguardVersion(): Promise<string> {
  return `wireguard-go ${/\d+\.\d+\.\d+/.exec(await run(['wireguard-go', '--version']))?.[0] ?? ''}`;
}
