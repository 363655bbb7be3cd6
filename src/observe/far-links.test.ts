import { describe, expect, it } from 'vitest';
import { farLinks, type HeardReport, REPORT_STALE_MS } from './far-links.ts';
import type { LinkState } from './mesh-status.ts';

const NOW = 1_000_000;

function report(states: Record<number, LinkState>, at = NOW): HeardReport {
  const links = Object.entries(states).map(([peer, state]) => ({
    peer: Number(peer),
    state,
    since: 5,
    rtt_ms: state === 'up' ? 0.4 : null,
    loss: 0,
  }));
  return { at, links };
}

const seen = (reports: Record<number, HeardReport>, unreachable: number[] = []) =>
  farLinks(
    new Map(Object.entries(reports).map(([id, heard]) => [Number(id), heard])),
    1,
    (id) => !unreachable.includes(id),
    NOW,
  ).map(({ between, state }) => `${between.join('-')} ${state}`);

describe('links between others', () => {
  it('are told once for both ends, without the links that are our own', () => {
    expect(seen({ 2: report({ 1: 'up', 3: 'up' }), 3: report({ 1: 'up', 2: 'up' }) })).toEqual(['2-3 up']);
  });

  it('are as bad as the worse of the two ends says', () => {
    expect(seen({ 2: report({ 3: 'up' }), 3: report({ 2: 'down' }) })).toEqual(['2-3 down']);
    expect(seen({ 2: report({ 3: 'down' }), 3: report({ 2: 'degraded' }) })).toEqual(['2-3 down']);
  });

  it('are known from one end, and one that cannot see is no witness', () => {
    expect(seen({ 3: report({ 2: 'up' }) })).toEqual(['2-3 up']);
    expect(seen({ 2: report({ 3: 'unknown' }), 3: report({ 2: 'up' }) })).toEqual(['2-3 up']);
    expect(seen({ 2: report({ 3: 'unknown' }) })).toEqual(['2-3 unknown']);
  });

  it('are not known from somebody who is silent or out of reach', () => {
    const old = report({ 3: 'up' }, NOW - REPORT_STALE_MS - 1);
    expect(seen({ 2: old })).toEqual([]);
    expect(seen({ 2: report({ 3: 'up' }), 3: report({ 2: 'up' }) }, [2, 3])).toEqual([]);
  });

  it('are in the order of their ids', () => {
    expect(seen({ 4: report({ 3: 'up', 2: 'up' }), 2: report({ 3: 'down' }) })).toEqual([
      '2-3 down',
      '2-4 up',
      '3-4 up',
    ]);
  });
});
