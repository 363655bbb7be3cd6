import { describe, expect, it } from 'vitest';
import type { ObservedLink } from '../desired/observed.ts';
import type { Hello, HelloFacts } from '../mesh/hello.ts';
import { reasonsForDegraded, reasonsForDown } from './why.ts';

const NOW = 1_000_000;

const link = (change: Partial<ObservedLink> = {}): ObservedLink => ({
  peer: 2,
  present: true,
  endpoint: '192.0.2.2:1195',
  handshakeAt: null,
  rxBytes: 0,
  txBytes: 100,
  lastPacketAt: null,
  bfd: { state: 'Down', since: null, intervalMs: null, timeoutMs: null },
  bgp: { state: 'Active', since: null, lastError: null, routesImported: 0, routesExported: 0 },
  probe: {
    rttMs: null,
    jitterMs: null,
    loss: 1,
    window: 60,
    lossWhileUp: null,
    windowWhileUp: 0,
    answeredAt: null,
  },
  mtuProbe: { size: 1420, ok: null, at: null },
  ...change,
});

const answer = (change: Partial<HelloFacts> = {}): Hello => ({
  kind: 'answer',
  id: 2,
  instance: 7,
  run: 'a',
  version: '0.1.0',
  checksum: '',
  name: 'two',
  hasRow: true,
  hearsUs: false,
  takesYouFor: null,
  clock: NOW,
  ...change,
});

const code = (observed: ObservedLink, hello: Hello | null, resolved = true): string | undefined =>
  reasonsForDown({
    self: 1,
    peer: 2,
    port: 1195,
    address: 'two.example.net',
    link: observed,
    hello,
    resolved,
    now: NOW,
  })[0]?.code;

const hearing = { lastPacketAt: NOW - 1000 };

describe('why a link is down', () => {
  it.each<[string, ObservedLink, Hello | null]>([
    ['engine_missing', link({ present: false }), null],
    ['other_keyset', link(), { kind: 'other_keyset', text: '' }],
    ['far_side_has_no_id', link(), answer({ id: null })],
    ['wrong_controller', link(), answer({ id: 3 })],
    ['far_side_has_no_row', link(), answer({ hasRow: false })],
    ['blocked_towards_peer', link(hearing), answer({ hearsUs: false })],
    ['blocked_from_peer', link(), answer({ hearsUs: true })],
    ['blocked_both_ways', link(), answer({ hearsUs: false })],
    ['bfd_down', link(hearing), answer({ hearsUs: true })],
    ['bgp_down', link({ ...hearing, bfd: { ...link().bfd, state: 'Up' } }), answer({ hearsUs: true })],
    ['not_a_controller', link(), { kind: 'not_meshwright', text: '' }],
    ['no_packet_ever', link(), { kind: 'unreachable', text: 'the connection was refused' }],
    ['no_packet_now', link({ lastPacketAt: NOW - 60_000 }), { kind: 'unreachable', text: 'timed out' }],
    ['no_packet_ever', link(), null],
  ])('says %s', (expected, observed, hello) => {
    expect(code(observed, hello)).toBe(expected);
  });

  it('does not say that packets arrive when the last one came before the link went dark', () => {
    const dark = { state: 'Down' as const, since: NOW - 4000, intervalMs: null, timeoutMs: null };
    const cut = link({ lastPacketAt: NOW - 3900, bfd: dark });
    expect(code(cut, answer({ hearsUs: true }))).toBe('no_packet_now');
    expect(code({ ...cut, lastPacketAt: NOW - 500 }, answer({ hearsUs: true }))).toBe('bfd_down');
  });

  it('says name_not_resolved before anything else', () => {
    expect(code(link(), null, false)).toBe('name_not_resolved');
  });

  it('names port, controllers and a remedy in every text', () => {
    const [reason] = reasonsForDown({
      self: 1,
      peer: 2,
      port: 1195,
      address: '192.0.2.2',
      link: link(),
      hello: { kind: 'unreachable', text: 'the connection was refused' },
      resolved: true,
      now: NOW,
    });
    expect(reason?.text).toContain('the connection was refused');
    expect(reason?.remedy).toMatch(/UDP 1195.*TCP 8000/);
  });
});

describe('what is wrong with a link that is up', () => {
  const up = (probe: Partial<ObservedLink['probe']>, ok: boolean | null = true) =>
    reasonsForDegraded(
      link({ probe: { ...link().probe, ...probe }, mtuProbe: { size: 1420, ok, at: NOW } }),
      2,
    ).map((reason) => reason.code);

  it('is nothing on a clean link, whatever an outage did before', () => {
    expect(up({ loss: 0.5, lossWhileUp: 0, windowWhileUp: 60 })).toEqual([]);
  });

  it('is loss from two per cent on, once enough probes prove it', () => {
    expect(up({ lossWhileUp: 0.05, windowWhileUp: 60 })).toEqual(['loss']);
    expect(up({ lossWhileUp: 0.5, windowWhileUp: 4 })).toEqual([]);
    expect(up({ lossWhileUp: 0.04, windowWhileUp: 25 })).toEqual([]);
    expect(up({ lossWhileUp: 0.08, windowWhileUp: 25 })).toEqual(['loss']);
  });

  it('is the MTU when only small packets pass', () => {
    expect(up({}, false)).toEqual(['mtu']);
    expect(up({}, null)).toEqual([]);
  });
});
