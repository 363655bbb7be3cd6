import type { ObservedLink, ObservedRoute } from '../../desired/observed.ts';

/**
 * Readers of BIRD's tables. The texts differ between releases: transcripts of each one that was met are kept as
 * fixtures beside this file. BIRD runs with TZ=UTC, so its local times are UTC.
 */
export type BfdSession = ObservedLink['bfd'];
export type BgpSession = ObservedLink['bgp'];

const ISO = /\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?:\.\d+)?/;

/** Sessions of `show bfd sessions` by interface name. */
export function parseBfdSessions(lines: readonly string[]): Map<string, BfdSession> {
  const sessions = new Map<string, BfdSession>();
  for (const line of lines) {
    const match = new RegExp(`^\\S+\\s+(mw\\d+)\\s+(\\w+)\\s+(${ISO.source})\\s+([\\d.]+)\\s+([\\d.]+)`).exec(
      line,
    );
    if (!match) continue;
    const state = match[2]!;
    sessions.set(match[1]!, {
      state: state === 'Up' || state === 'Init' || state === 'AdminDown' ? state : 'Down',
      since: toMillis(match[3]!),
      intervalMs: Math.round(Number(match[4]) * 1000),
      // 0 of a session that is not up: nothing is waited for.
      timeoutMs: Math.round(Number(match[5]) * 1000) || null,
    });
  }
  return sessions;
}

/** Sessions of `show protocols all` by peer id. */
export function parseBgpSessions(lines: readonly string[]): Map<number, BgpSession> {
  const sessions = new Map<number, BgpSession>();
  let current: BgpSession | null = null;
  let channel = '';
  for (const line of lines) {
    const head = /^(\S+)\s+(\S+)\s+\S+\s+\S+\s+/.exec(line);
    if (head && !/^\s/.test(line)) {
      const peer = /^peer(\d+)$/.exec(head[1]!);
      current = peer
        ? { state: 'absent', since: null, lastError: null, routesImported: 0, routesExported: 0 }
        : null;
      if (current && peer) {
        const since = ISO.exec(line);
        current.since = since ? new Date(toMillis(since[0])!).toISOString() : null;
        sessions.set(Number(peer[1]), current);
      }
      continue;
    }
    if (!current) continue;
    channel = /^\s+Channel (\S+)/.exec(line)?.[1] ?? channel;
    const state = /^\s+BGP state:\s+(\w+)/.exec(line);
    if (state) current.state = state[1]!;
    const error = /^\s+Last error:\s+(.+)$/.exec(line);
    if (error) current.lastError = error[1]!.trim();
    const routes = /^\s+Routes:\s+(\d+) imported,(?: \d+ filtered,)? (\d+) exported/.exec(line);
    // Sessions that carry IPv6 as well are judged by what there always is.
    if (routes && channel !== 'ipv6') {
      current.routesImported = Number(routes[1]);
      current.routesExported = Number(routes[2]);
    }
  }
  return sessions;
}

/** The tables of `show route all`: every IPv4 path that leads somewhere now, the one in use marked `best`. */
export function parseRoutes(lines: readonly string[]): ObservedRoute[] {
  const routes: ObservedRoute[] = [];
  let cidr = '';
  let current: ObservedRoute | null = null;
  for (const line of lines) {
    const head =
      /^(\S+)?\s+(unicast|blackhole|unreachable|prohibit)\s+\[(\S+) (.+?)(?: from [^\]]+)?\]\s+(\*)?/.exec(
        line,
      );
    if (head) {
      cidr = head[1] ?? cidr;
      current = null;
      if (head[2] === 'unreachable') continue;
      const peer = /^peer(\d+)$/.exec(head[3]!);
      const since = ISO.exec(head[4]!);
      current = {
        cidr,
        via: peer ? Number(peer[1]) : null,
        path: [],
        best: head[5] === '*',
        since: since ? new Date(toMillis(since[0])!).toISOString() : null,
        communities: [],
      };
      routes.push(current);
      continue;
    }
    if (!current) continue;
    const path = /^\s+BGP\.as_path:\s+(.*)$/.exec(line);
    if (path) current.path = path[1]!.split(/\s+/).filter(Boolean).map(Number);
    const communities = /^\s+BGP\.large_community:\s+(.*)$/.exec(line);
    if (communities) {
      current.communities = [...communities[1]!.matchAll(/\((\d+), (\d+), (\d+)\)/g)].map((match) => [
        Number(match[1]),
        Number(match[2]),
        Number(match[3]),
      ]);
    }
  }
  return routes.filter(({ cidr: network }) => !network.includes(':'));
}

function toMillis(text: string): number | null {
  const value = Date.parse(`${text.replace(' ', 'T')}Z`);
  return Number.isNaN(value) ? null : value;
}
