import { command } from '../command.ts';

export interface TunnelStatus {
  readonly endpoint: string | null;
  readonly handshakeAt: number | null;
  readonly rxBytes: number;
  readonly txBytes: number;
}

/** What `wg show all dump` says of each link's single peer, by interface name. Keys in the dump are dropped at once. */
export async function tunnelStatus(): Promise<Map<string, TunnelStatus>> {
  return parseDump(await command('wg', ['show', 'all', 'dump']).catch(() => ''));
}

/** A peer line has nine columns: interface, key, PSK, endpoint, allowed IPs, handshake, received, sent, keepalive. */
export function parseDump(text: string): Map<string, TunnelStatus> {
  const tunnels = new Map<string, TunnelStatus>();
  for (const line of text.split('\n')) {
    const columns = line.split('\t');
    if (columns.length !== 9) continue;
    const [name, , , endpoint, , handshake, received, sent] = columns as [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    tunnels.set(name, {
      endpoint: endpoint === '(none)' ? null : endpoint,
      handshakeAt: Number(handshake) > 0 ? Number(handshake) * 1000 : null,
      rxBytes: Number(received),
      txBytes: Number(sent),
    });
  }
  return tunnels;
}
