import { command } from '../command.ts';

/** A connection that the kernel tracks, as the side that began it sees it. */
export interface Flow {
  readonly protocol: 'tcp' | 'udp';
  readonly from: string;
  readonly fromPort: number;
  readonly to: string;
  readonly port: number;
}

/** More would make an answer that nobody reads. */
const MOST = 300;

/** TCP connections that are open and UDP flows that were answered; the mesh's own tunnels and sessions are not listed. */
export async function liveFlows(): Promise<Flow[]> {
  const lists = await Promise.all(
    ['ipv4', 'ipv6'].map((family) => command('conntrack', ['-L', '-f', family]).catch(() => '')),
  );
  return parseFlows(lists.join('\n')).slice(0, MOST);
}

export function parseFlows(text: string): Flow[] {
  return text.split('\n').flatMap((line) => {
    const match = /^(tcp|udp) .*?src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+) (.*)$/.exec(line);
    if (!match) return [];
    const [, protocol, from, to, fromPort, port, rest] = match as unknown as string[];
    const isOpen = protocol === 'tcp' ? / ESTABLISHED /.test(line) : !rest!.includes('[UNREPLIED]');
    const isOwn =
      from!.startsWith('169.254.195.') ||
      (protocol === 'udp' && Number(port) >= 1195 && Number(port) <= 1203);
    const isLoopback = from!.startsWith('127.') || from === '::1';
    if (!isOpen || isOwn || isLoopback) return [];
    return [
      {
        protocol: protocol as Flow['protocol'],
        from: from!,
        fromPort: Number(fromPort),
        to: to!,
        port: Number(port),
      },
    ];
  });
}
