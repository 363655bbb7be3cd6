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
    [
      'a client with the address of a controller',
      (state) => {
        state.clients!.list[0]!.address = '100.127.255.253';
      },
    ],
    [
      'a client outside the overlay',
      (state) => {
        state.clients!.list[0]!.address = '10.0.0.9';
      },
    ],
    [
      'one address for two clients',
      (state) => {
        state.clients!.list.push({ ...state.clients!.list[0]!, wireguardKey: state.self.vip });
      },
    ],
    [
      'one key for two clients',
      (state) => {
        state.clients!.list[1]!.wireguardKey = state.clients!.list[0]!.wireguardKey;
      },
    ],
    [
      'a network granted to two clients',
      (state) => {
        for (const client of state.clients!.list) client.networks = ['10.9.0.0/24'];
      },
    ],
    [
      'all the world granted to a client',
      (state) => {
        state.clients!.list[0]!.networks = ['0.0.0.0/0'];
      },
    ],
    [
      'a part of the overlay granted to a client',
      (state) => {
        state.clients!.list[0]!.networks = ['100.127.255.200/32'];
      },
    ],
    [
      'a link address of another client',
      (state) => {
        state.clients!.list[0]!.linkAddress = state.clients!.list[1]!.linkAddress;
      },
    ],
    [
      'a directive behind a certificate',
      (state) => {
        state.clients!.openvpn.certificate += 'plugin /tmp/x.so\n';
      },
    ],
    [
      'a directive as a serial number',
      (state) => {
        state.clients!.list[0]!.serial = '../../etc/passwd';
      },
    ],
  ];
  it.each(refused)('refuses %s', (_, change) => {
    expect(() => parseRequest(line(change))).toThrow(/refused/);
  });

  const rule = (...words: string[]) => ({ id: 'f0000000', table: 'INPUT', words });
  const firewall = (change: object) => (state: DesiredState) => {
    state.firewall = {
      sealed: false,
      clientsMayManage: false,
      subtables: [],
      sets: [],
      rules: [],
      ...change,
    };
  };
  it('lets a firewall through whose every word is known', () => {
    const good = { rules: [rule('-p', 'tcp', '--dport', '22', '-j', 'DROP')] };
    expect(parseRequest(line(firewall(good))).op).toBe('apply');
  });
  it.each([
    ['a rule that reads a file', { rules: [rule('-m', 'bpf', '--object-pinned', '/sys/fs/bpf/x')] }],
    ['a rule that leaves its chain', { rules: [rule('-j', 'DROP', '-A', 'OUTPUT')] }],
    ['a word with a line break', { rules: [rule('-m', 'comment', '--comment', 'a\n-A OUTPUT')] }],
    ['a word with a quote', { rules: [rule('-m', 'comment', '--comment', 'a" -j ACCEPT')] }],
    ['a rule with our own mark', { rules: [rule('-j', 'MARK', '--set-mark', '0x6d77/0xffff')] }],
    ['a set that is not its own', { rules: [rule('-m', 'set', '--match-set', 'other', 'src')] }],
    ['a chain that is not its own', { rules: [rule('-j', 'MW-ACCEPT')] }],
    ['a subtable called like a target', { subtables: ['DROP'] }],
    ['a set with a command', { sets: [{ name: 'a', type: 'port', entries: ['1 -exist'] }] }],
    ['a set called like an option', { sets: [{ name: '-exist', type: 'port', entries: [] }] }],
    ['a rule id with a bracket', { rules: [{ ...rule('-j', 'DROP'), id: 'f0000000]' }] }],
  ])('refuses a firewall with %s', (_, change) => {
    expect(() => parseRequest(line(firewall(change)))).toThrow(/refused/);
  });

  it('refuses what is not a request', () => {
    expect(() => parseRequest('{"seq":1,"op":"exec"}')).toThrow(/refused/);
    expect(() => parseRequest('null')).toThrow(/refused/);
    expect(() => parseRequest('not json')).toThrow();
  });
});
