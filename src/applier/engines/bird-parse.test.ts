import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseBfdSessions, parseBgpSessions, parseRoutes } from './bird-parse.ts';

/** A transcript as the client sees it: codes stripped from the front of each line. */
function transcript(name: string): string[] {
  const text = readFileSync(new URL(`./fixtures/bird-2.0.12/${name}.txt`, import.meta.url), 'utf8');
  return text.split('\n').map((line) => (/^\d{4}[- ]/.test(line) ? line.slice(5) : line.slice(1)));
}

describe('BIRD 2.0.12 transcripts', () => {
  it('reads BFD sessions with their timing', () => {
    expect(parseBfdSessions(transcript('show-bfd-sessions'))).toEqual(
      new Map([
        [
          'mw2',
          { state: 'Up', since: Date.parse('2026-11-23T08:27:40.961Z'), intervalMs: 20, timeoutMs: 60 },
        ],
      ]),
    );
  });

  it('knows of no time that a session that is down would wait for', () => {
    const sessions = parseBfdSessions(transcript('show-bfd-sessions-dark'));
    expect(sessions.get('mw2')).toMatchObject({ state: 'Down', intervalMs: 50, timeoutMs: null });
    expect(sessions.get('mw3')).toMatchObject({ state: 'Up', timeoutMs: 90 });
  });

  it('reads BGP sessions, established and idle', () => {
    const sessions = parseBgpSessions(transcript('show-protocols-all'));
    expect(sessions.get(2)).toMatchObject({ state: 'Established', routesImported: 2, routesExported: 2 });
    expect(sessions.get(3)).toMatchObject({ state: 'Idle', routesImported: 0 });
    expect(sessions.size).toBe(2);
  });

  it('reads routes with path, way and communities', () => {
    const routes = parseRoutes(transcript('show-route-all'));
    const peer = routes.find((route) => route.cidr === '100.127.255.252/32');
    expect(peer).toMatchObject({ via: 2, path: [65002], best: true });
    expect(peer?.communities).toContainEqual([4200001195, 11, 7]);
    expect(routes.find((route) => route.cidr === '10.201.1.0/24')).toMatchObject({
      via: null,
      path: [],
      best: true,
    });
  });

  it('leaves out ways whose far end is dark, and keeps what stands behind them apart', () => {
    const routes = parseRoutes(transcript('show-route-all-dark'));
    expect(routes.map(({ cidr, via }) => [cidr, via])).toEqual([
      ['10.201.1.0/24', null],
      ['100.127.255.253/32', null],
      ['100.127.255.254/32', null],
    ]);
    expect(routes[1]?.communities).toContainEqual([4200001195, 11, 3772071674]);
    expect(routes[2]?.communities).toEqual([]);
  });
});
