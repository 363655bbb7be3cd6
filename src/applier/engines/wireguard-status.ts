import { command } from '../command.ts';
import { UserspaceWireguard } from './wireguard-uapi.ts';

/** A peer of one of the machine's WireGuard interfaces. A link has one, the clients' interface one for each client. */
export interface WireguardPeer {
  readonly device: string;
  readonly key: string;
  /** HOST:PORT that it was last heard from. */
  readonly endpoint: string | null;
  /** Unix milliseconds of the last handshake, to the second. */
  readonly handshakeAt: number | null;
  readonly rxBytes: number;
  readonly txBytes: number;
}

export type ReadPeers = () => Promise<WireguardPeer[]>;

/** Reads the peers of all interfaces, of links and of clients. Userspace processes are asked themselves, which starts no program. */
export function peersReader(kernelWireguard: boolean): ReadPeers {
  if (kernelWireguard) return () => command('wg', ['show', 'all', 'dump']).then(parseDump, () => []);
  const userspace = new UserspaceWireguard();
  return () => userspace.peers();
}

/**
 * A peer line of `wg show all dump` has nine columns: interface, key, PSK, endpoint, allowed IPs, handshake, received,
 * sent, keepalive. Secret keys in the dump are dropped at once.
 */
export function parseDump(text: string): WireguardPeer[] {
  return text.split('\n').flatMap((line) => {
    const columns = line.split('\t');
    if (columns.length !== 9) return [];
    const [device, key, , endpoint, , handshake, received, sent] = columns as string[];
    return [
      {
        device: device!,
        key: key!,
        endpoint: endpoint === '(none)' ? null : endpoint!,
        handshakeAt: Number(handshake) > 0 ? Number(handshake) * 1000 : null,
        rxBytes: Number(received),
        txBytes: Number(sent),
      },
    ];
  });
}
