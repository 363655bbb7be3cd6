import { describe, expect, it } from 'vitest';
import { compile } from '../compile/compile.ts';
import { sampleIntent } from '../compile/sample-intent.ts';
import type { DesiredState } from '../desired/state.ts';
import { parseRequest } from './border.ts';

const line = (change: (state: DesiredState) => void): string => {
  const state = structuredClone(compile(sampleIntent()));
  change(state);
  return JSON.stringify({ seq: 1, op: 'apply', state });
};

describe('the border', () => {
  it('lets a compiled document through', () => {
    expect(parseRequest(line(() => undefined)).op).toBe('apply');
  });

  const refused: [string, (state: DesiredState) => void][] = [
    [
      'a port of another pair',
      (state) => {
        state.links[0]!.port = 1203;
      },
    ],
    [
      'an address outside our link block',
      (state) => {
        state.links[0]!.localAddress = '169.254.169.254';
      },
    ],
    [
      'an overlay address outside the subnet',
      (state) => {
        state.self.overlayAddress = '10.0.0.1';
      },
    ],
    [
      'a link to itself',
      (state) => {
        state.links[0]!.peer = 2;
      },
    ],
    [
      'the same link twice',
      (state) => {
        state.links.push(state.links[0]!);
      },
    ],
    [
      'a key with a line break',
      (state) => {
        state.links[0]!.privateKey = `${'A'.repeat(42)}\n=`;
      },
    ],
    [
      'an endpoint that is a directive',
      (state) => {
        state.links[0]!.endpoint = '1.2.3.4\nPostUp = id';
      },
    ],
    [
      'an interface name with a quote',
      (state) => {
        state.routes[1]!.interface = 'eth0"; include "/etc/shadow';
      },
    ],
    [
      'an interface name with a path',
      (state) => {
        state.routes[1]!.interface = '../../etc';
      },
    ],
    [
      'an NTP host with a line break',
      (state) => {
        state.ntpHosts[0] = 'a\nb';
      },
    ],
    [
      'an NTP host that looks like an option',
      (state) => {
        state.ntpHosts[0] = '-f';
      },
    ],
    [
      'a route inside the overlay',
      (state) => {
        state.routes[0]!.cidr = '100.127.255.240/28';
      },
    ],
    [
      'a route with host bits',
      (state) => {
        state.routes[0]!.cidr = '10.2.0.1/16';
      },
    ],
    [
      'an octet above 255',
      (state) => {
        state.routes[1]!.gateway = '10.2.0.999';
      },
    ],
    [
      'a member that the schema does not know',
      (state) => {
        Object.assign(state.self, { command: 'id' });
      },
    ],
  ];
  it.each(refused)('refuses %s', (_, change) => {
    expect(() => parseRequest(line(change))).toThrow(/refused/);
  });

  it('refuses what is not a request', () => {
    expect(() => parseRequest('{"seq":1,"op":"exec"}')).toThrow(/refused/);
    expect(() => parseRequest('null')).toThrow(/refused/);
    expect(() => parseRequest('not json')).toThrow();
  });
});
