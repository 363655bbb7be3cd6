import { ClientHost } from '../src/lab/client-host.ts';
import type { Lab } from '../src/lab/lab.ts';
import { clientsOf, downloadPack } from '../src/lab/packs.ts';
import { inNamespace, until } from './support.ts';

/** What the benches of overlay clients share. */
export interface BenchClient {
  readonly host: ClientHost;
  readonly address: string;
  readonly kind: 'openvpn' | 'ha';
}

const BOOTED_TOGETHER = 8;

/** A host with a pack, running; it may not be attached yet. */
export async function startClient(
  lab: Lab,
  index: number,
  address: string,
  kind: BenchClient['kind'],
): Promise<BenchClient> {
  const host = await ClientHost.boot(index);
  const files = await downloadPack(lab, address, kind);
  if (kind === 'openvpn') host.openvpn(files);
  else await host.ha(files);
  return { host, address, kind };
}

/** The first addresses get OpenVPN, the others the HA pack. */
export async function startCrowd(lab: Lab, addresses: readonly string[], openvpn: number) {
  const crowd: BenchClient[] = [];
  for (let from = 0; from < addresses.length; from += BOOTED_TOGETHER) {
    const batch = addresses.slice(from, from + BOOTED_TOGETHER).map((address, index) => {
      const place = from + index;
      return startClient(lab, place + 1, address, place < openvpn ? 'openvpn' : 'ha');
    });
    crowd.push(...(await Promise.all(batch)));
  }
  return crowd;
}

/** The controller that holds each attached client, as one controller shows it. */
export async function holders(lab: Lab, id: number): Promise<Map<string, number>> {
  const clients = await lab.api(id).get<Record<string, { managerid: number }>>('/status/clients');
  return new Map(Object.entries(clients).map(([address, { managerid }]) => [address, managerid]));
}

/** Addresses of clients whose packs name these controllers first, the same number of each, in turn. */
export async function spreadAddresses(lab: Lab, count: number): Promise<string[]> {
  const ids = lab.state.controllers.map(({ id }) => id);
  const share = Math.ceil(count / ids.length);
  const lists = await Promise.all(ids.map((id) => clientsOf(lab, id, share)));
  return Array.from(
    { length: count },
    (_, index) => lists[index % ids.length]![Math.floor(index / ids.length)]!,
  );
}

export async function untilHeld(lab: Lab, seenBy: number, crowd: readonly BenchClient[], withinMs = 120_000) {
  const all = async () => {
    const held = await holders(lab, seenBy);
    return crowd.every(({ address }) => held.has(address));
  };
  return until(`all ${crowd.length} clients are attached`, all, withinMs, 500);
}

/**
 * One program that asks many clients for an echo in turn, from a site's host. One program for all: a probe each would take the
 * CPU from what is measured. What a client did not answer, times the interval, is its gap.
 */
export async function pingAll(lab: Lab, site: number, addresses: readonly string[], intervalMs: number) {
  const { siteNamespace } = lab.plan(site);
  const options = ['-q', '-i1', `-p${intervalMs}`, '-t1500', '-c1000000'];
  const child = inNamespace(siteNamespace, ['fping', ...options, ...addresses], 'pipe', 'pipe');
  let text = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return async (): Promise<Map<string, { sent: number; lost: number }>> => {
    await new Promise((resolve) => {
      child.on('close', resolve);
      // fping prints its summary when it is interrupted.
      child.kill('SIGINT');
    });
    const lines = [...text.matchAll(/^(\S+)\s+: xmt\/rcv\/%loss = (\d+)\/(\d+)\//gm)];
    if (lines.length !== addresses.length)
      throw new Error(`no figures of every client: ${text.slice(0, 500)}`);
    return new Map(
      lines.map(([, address, sent, got]) => [
        address!,
        { sent: Number(sent), lost: Number(sent) - Number(got) },
      ]),
    );
  };
}
