import { describe, expect, it } from 'vitest';
import type { DesiredSet } from '../../../src/desired/firewall.ts';
import { lab as names } from '../../../src/lab/plan.ts';
import { run } from '../../../src/lab/program.ts';
import type { Refused } from '../../support/applier.ts';
import {
  addLocalAddresses,
  C1,
  expectEach,
  firewall,
  firewallLab,
  HOST1,
  HOST2,
  idOf,
  inOne,
  SITE1,
  SITE2,
  STRANGER,
  set,
  unstamped,
} from '../../support/firewall-lab.ts';
import { startFlow } from '../../support/flow.ts';
import { inNamespace, knock } from '../../support/knock.ts';
import { eventually, holds, until } from '../../support/until.ts';

const { lab, one, packetsOf } = firewallLab();
/** Dropped or refused: who is not let in, learns nothing more. */
const CLOSED = /^(silent|refused)$/;

/** Since when each link of controller 1 is up: the same before and after means that none flapped. */
async function linksUpSince(): Promise<(number | null)[]> {
  const { links } = await one.observe();
  expect(links.map(({ bfd }) => bfd.state)).toEqual(['Up']);
  return links.map(({ bfd }) => bfd.since);
}

describe('the base policy', () => {
  it('lets strangers reach management and nothing else of the controller', async () => {
    await expectEach([
      [knock(STRANGER, 'tcp', C1.underlay, 8000), 'open 10.195.0.254'],
      [knock(STRANGER, 'tcp', C1.underlay, 22), 'open 10.195.0.254'],
    ]);
    for (const host of [C1.underlay, C1.v6]) {
      expect(await knock(STRANGER, 'tcp', host, 9000), host).toBe('silent');
      expect(await knock(STRANGER, 'udp', host, 9000), host).toBe('silent');
      expect(await knock(STRANGER, 'tcp', host, 8001), host).toBe('silent');
    }
  });

  it('serves the networks that it has routes for', async () => {
    await expectEach([
      [knock(SITE1, 'tcp', C1.site, 9000), 'open 10.201.1.10'],
      [knock(SITE2, 'tcp', C1.site, 9000), 'open 10.201.2.10'],
    ]);
  });

  it('forwards between known networks, and nothing for strangers, in both families', async () => {
    await expectEach([
      [knock(SITE2, 'tcp', HOST1.v4, 9000), `open ${HOST2}`],
      [knock(STRANGER, 'tcp', HOST1.v4, 9000), 'silent'],
      [knock(STRANGER, 'tcp', HOST1.v6, 9000), 'silent'],
    ]);
  });

  it('takes no overlay address from beside the mesh', async () => {
    await run(inNamespace(SITE1, ['ip', 'address', 'add', '100.127.255.200/32', 'dev', 'lo']));
    await inOne('ip', 'route', 'add', '100.127.255.200/32', 'dev', 'site0', 'table', '1195');
    expect(await knock(SITE1, 'tcp', C1.site, 9000, '100.127.255.200')).toBe('silent');
    await inOne('ip', 'route', 'del', '100.127.255.200/32', 'dev', 'site0', 'table', '1195');
  });

  it('keeps clients away from management unless they are allowed', async () => {
    await run([
      'ip',
      '-n',
      'mwlab-c1',
      'link',
      'add',
      'mwc0',
      'type',
      'veth',
      'peer',
      'name',
      'cl0',
      'netns',
      SITE1,
    ]);
    await inOne('ip', 'link', 'set', 'mwc0', 'up');
    await inOne('ip', 'route', 'add', '100.127.255.195/32', 'dev', 'mwc0', 'table', '1195');
    for (const line of [
      'link set cl0 up',
      'address add 100.127.255.195/32 dev cl0',
      `route add ${C1.overlay} dev cl0`,
    ]) {
      await run(inNamespace(SITE1, ['ip', ...line.split(' ')]));
    }
    const client = (port: number) => knock(SITE1, 'tcp', C1.overlay, port, '100.127.255.195');
    expect(await client(9000)).toBe('open 100.127.255.195');
    expect(await client(8000)).toMatch(CLOSED);
    await one.apply(firewall(['INPUT -j ACCEPT']));
    expect(await client(8000), 'an ACCEPT is no permission to manage').toMatch(CLOSED);
    await one.apply(firewall([], { clientsMayManage: true }));
    expect(await client(8000)).toBe('open 100.127.255.195');
    expect(await client(8001)).toMatch(CLOSED);
    await inOne('ip', 'link', 'del', 'mwc0');
  });

  it('lets pass what a rule accepts', async () => {
    await one.apply(firewall(['INPUT -p tcp --dport 9000 -j ACCEPT', 'FORWARD -s fd00:195::/64 -j ACCEPT']));
    await expectEach([
      [knock(STRANGER, 'tcp', C1.underlay, 9000), 'open 10.195.0.254'],
      [knock(STRANGER, 'tcp', C1.v6, 9000), 'open fd00:195::254'],
      [knock(STRANGER, 'tcp', C1.underlay, 9001), 'silent'],
      [knock(STRANGER, 'tcp', HOST1.v6, 9000), 'open fd00:195::254'],
      [knock(STRANGER, 'tcp', HOST1.v4, 9000), 'silent'],
    ]);
  });
});

describe('rules of every kind, with real packets', () => {
  it('drop, reject and let pass by address, port, state and interface', async () => {
    await one.apply(
      firewall([
        'INPUT -p tcp --dport 9000 -s 10.201.1.0/24 -j DROP',
        'INPUT -p tcp --dport 9001 -j REJECT --reject-with tcp-reset',
        'INPUT -p udp -m multiport --dports 9001,9002 -j REJECT',
        'FORWARD -i mw+ -o site0 -p tcp -m iprange --src-range 10.201.2.9-10.201.2.11 --dport 9003 -j DROP',
        'FORWARD -m conntrack --ctstate NEW -p tcp --dport 9004 -m comment --comment "new ones; -j DROP" -j DROP',
        'OUTPUT -p tcp --sport 9005 -d 10.201.1.10 -j DROP',
        'INPUT -m mac --mac-source 02:00:00:00:00:99 -j DROP',
        'INPUT -p tcp --dport 9002 -m addrtype --src-type LOCAL -j DROP',
        'INPUT -s fd00:201::10 -p tcp --dport 9003 -j DROP',
      ]),
    );
    await expectEach([
      [knock(SITE1, 'tcp', C1.site, 9000), 'silent'],
      [knock(SITE2, 'tcp', C1.site, 9000), 'open 10.201.2.10'],
      [knock(SITE1, 'tcp', C1.site, 9001), 'refused'],
      [knock(SITE1, 'udp', C1.site, 9002), 'refused'],
      [knock(SITE2, 'tcp', HOST1.v4, 9003), 'silent'],
      [knock(SITE2, 'tcp', HOST1.v4, 9004), 'silent'],
      [knock(SITE1, 'tcp', C1.site, 9005), 'silent'],
      [knock(SITE1, 'tcp', C1.site, 9002), 'open 10.201.1.10'],
    ]);
    expect(await packetsOf(0)).toBeGreaterThan(0);
    expect(await packetsOf(4)).toBeGreaterThan(0);
    expect(await packetsOf(6)).toBe(0);
  });

  it('translate addresses: port forwarding, masquerade, source NAT, redirect, whole networks', async () => {
    await one.apply(
      firewall([
        'PREROUTING -i eth0 -p tcp --dport 8080 -j DNAT --to-destination 10.201.1.10:9000',
        'PREROUTING -i eth0 -p tcp -d fd00:195::1 --dport 8081 -j DNAT --to-destination [fd00:201::10]:9000',
        'PREROUTING -i eth0 -p udp --dport 8082 -j DNAT --to-destination 10.201.2.10:9000',
        'POSTROUTING -o mw2 -p udp --dport 9000 -j SNAT --to-source 100.127.255.253',
        'POSTROUTING -o eth0 -s 10.201.1.0/24 -j MASQUERADE',
        'PREROUTING -p tcp --dport 8083 -j REDIRECT --to-ports 9001',
        'PREROUTING -d 10.55.1.0/24 -j NETMAP --to 10.201.1.0/24',
      ]),
    );
    await expectEach([
      [knock(STRANGER, 'tcp', C1.underlay, 8080), 'open 10.195.0.254'],
      [knock(STRANGER, 'tcp', C1.v6, 8081), 'open fd00:195::254'],
      [knock(STRANGER, 'udp', C1.underlay, 8082), 'open 100.127.255.253'],
      [knock(SITE1, 'tcp', '10.195.0.254', 9000), `open ${C1.underlay}`],
      [knock(SITE1, 'tcp', C1.site, 8083), 'open 10.201.1.10'],
    ]);
    await run(['ip', 'route', 'add', '10.55.1.0/24', 'via', C1.underlay]);
    expect(await knock(STRANGER, 'tcp', '10.55.1.10', 9002)).toBe('open 10.195.0.254');
    await run(['ip', 'route', 'del', '10.55.1.0/24', 'via', C1.underlay]);
  });

  it('jump to subtables, mark, and tell who met a LOG rule', async () => {
    await one.apply(
      firewall(
        [
          'FORWARD -p tcp -j web',
          'web -p tcp --dport 9000 -j MARK --set-xmark 0x10000/0xff0000',
          'FORWARD -m mark --mark 0x10000/0xff0000 -j guard',
          'guard -m limit --limit 100/second -j LOG --log-prefix "marked "',
          'guard -j REJECT --reject-with icmp-admin-prohibited',
        ],
        { subtables: ['web', 'guard'] },
      ),
    );
    const before = one.events.length;
    await expectEach([
      [knock(SITE2, 'tcp', HOST1.v4, 9000), 'refused'],
      [knock(SITE2, 'tcp', HOST1.v4, 9001), `open ${HOST2}`],
    ]);
    const event = await until(
      'the packet is told',
      () => one.events.slice(before).find(({ event }) => event === 'firewall_log'),
      { within: 5 },
    );
    expect(event.packet).toMatchObject({
      rule: idOf(3),
      protocol: 'tcp',
      from: HOST2,
      to: HOST1.v4,
      toPort: 9000,
      in: 'mw2',
      out: 'site0',
    });
  });

  it('tell of IPv6 packets that meet a LOG rule too', async () => {
    await one.apply(firewall([`INPUT -s ${HOST1.v6} -p udp --dport 9001 -j LOG`]));
    const before = one.events.length;
    const event = await until(
      'a packet is told',
      async () => {
        await knock(SITE1, 'udp', C1.siteV6, 9001);
        return one.events.slice(before).find((told) => told.event === 'firewall_log');
      },
      { within: 20 },
    );
    expect(event.packet).toMatchObject({
      rule: idOf(0),
      protocol: 'udp',
      from: HOST1.v6,
      to: C1.siteV6,
      toPort: 9001,
      in: 'site0',
    });
  });

  it('never take the mesh down', async () => {
    const since = await linksUpSince();
    await one.apply(
      firewall([
        'INPUT -j DROP',
        'OUTPUT -j DROP',
        'PREROUTING -j DROP',
        'POSTROUTING -j SNAT --to-source 10.9.9.9',
      ]),
    );
    await holds('the link is up', async () => expect(await linksUpSince()).toEqual(since), { lasting: 3 });
    expect(await knock(SITE1, 'tcp', C1.site, 9000)).toBe('silent');
  });
});

describe('a change', () => {
  it('with one bad rule among good ones changes nothing, and names the rule', async () => {
    await one.apply(firewall(['INPUT -p tcp --dport 9000 -j DROP']));
    const before = await inOne('iptables-nft-save');
    const words = (lines: string[], sets: DesiredSet[] = []) =>
      one.apply(firewall(lines, { sets })).catch((error: Refused) => error.problems[0]) as Promise<object>;
    expect(
      await words(['INPUT -p tcp --dport 9001 -j DROP', 'INPUT -m bpf --object-pinned /x -j DROP']),
    ).toEqual({
      rule: idOf(1),
      set: null,
      message: '"bpf" is not a match that rules may use',
    });
    // Only the engine itself knows that this does not go together.
    expect(
      await words(['INPUT -p tcp --dport 9001 -j DROP', 'INPUT -p udp -j REJECT --reject-with tcp-reset']),
    ).toMatchObject({
      rule: idOf(1),
    });
    expect(
      await words(['POSTROUTING -j MASQUERADE', 'INPUT -p icmp --icmp-type no-such-type -j DROP']),
    ).toMatchObject({ rule: idOf(1), message: expect.stringContaining('no-such-type') });
    expect(await words([], [set('a', 'port', '1', '99999')])).toMatchObject({ set: 'a' });
    expect(unstamped(await inOne('iptables-nft-save'))).toBe(unstamped(before));
    expect(await inOne('ipset', 'list', '-n')).toBe('');
    expect(await knock(SITE1, 'tcp', C1.site, 9000)).toBe('silent');
  });

  it('keeps what the rules have counted', async () => {
    await one.apply(firewall(['INPUT -p udp --dport 9000 -j DROP']));
    for (let times = 0; times < 2; times++) await knock(SITE1, 'udp', C1.site, 9000);
    expect(await packetsOf(0)).toBe(2);
    await one.apply(firewall(['INPUT -p udp --dport 9000 -j DROP', 'INPUT -p udp --dport 9001 -j DROP']));
    expect(await packetsOf(0)).toBe(2);
    lab.kill(1, 'applier');
    await until(
      'the applier is back',
      () =>
        one
          .apply(firewall(['INPUT -p udp --dport 9000 -j DROP', 'INPUT -p udp --dport 9001 -j DROP']))
          .then(() => true),
      { within: 20 },
    );
    await one.watch();
    expect(await packetsOf(0)).toBe(2);
  });

  it('of five thousand rules lets established flows go on, and no link flaps', async () => {
    const since = await linksUpSince();
    const flow = await startFlow(lab, 2, 1);
    const many = Array.from(
      { length: 5000 },
      (_, index) => `FORWARD -s 10.${64 + (index >> 8)}.${index & 255}.0/24 -j DROP`,
    );
    await one.apply(firewall(many));
    expect((await inOne('iptables-nft-save')).match(/-A MW-FORWARD/g)).toHaveLength(5000);
    await one.apply(firewall([...many.slice(0, 4999), 'FORWARD -s 172.31.0.0/16 -j DROP']));
    await flow.untilFlowing();
    const { lost } = await flow.stop();
    expect(lost).toBe(0);
    expect(await linksUpSince()).toEqual(since);
  });

  it('is made again when somebody flushes our tables', async () => {
    await one.apply(
      firewall(
        ['INPUT -p tcp --dport 9000 -j DROP', 'INPUT -p tcp --dport 9001 -m set --match-set a src -j DROP'],
        { sets: [set('a', 'net', '10.201.1.0/24')] },
      ),
    );
    const since = await linksUpSince();
    await inOne('nft', 'flush', 'ruleset');
    await eventually(
      'rules and policy are back',
      async () => {
        expect(await knock(SITE1, 'tcp', C1.site, 9000)).toBe('silent');
        expect(await knock(SITE1, 'tcp', C1.site, 9001)).toBe('silent');
        expect(await knock(STRANGER, 'tcp', C1.underlay, 9005)).toBe('silent');
      },
      { within: 30 },
    );
    await inOne('iptables-nft', '-F', 'MW-INPUT');
    await inOne('nft', 'flush', 'chain', 'inet', 'meshwright', 'input_policy');
    await eventually(
      'also when only the chains are flushed',
      async () => {
        expect(await knock(SITE1, 'tcp', C1.site, 9000)).toBe('silent');
        expect(await knock(SITE1, 'tcp', C1.site, 9002)).toBe('open 10.201.1.10');
      },
      { within: 30 },
    );
    expect(await linksUpSince()).toEqual(since);
  });
});

describe('a sealed controller', () => {
  it('shows strangers nothing, keeps its tunnels, and is managed over the mesh', async () => {
    const since = await linksUpSince();
    await one.apply(
      firewall(
        ['INPUT -j ACCEPT', 'PREROUTING -p tcp --dport 8080 -j DNAT --to-destination 10.201.1.10:9000'],
        { sealed: true },
      ),
    );
    for (const port of [22, 8000, 8080, 9000])
      expect(await knock(STRANGER, 'tcp', C1.underlay, port), String(port)).toBe('silent');
    expect(await knock(STRANGER, 'tcp', C1.v6, 22)).toBe('silent');
    expect(
      (await run(['sh', '-c', `fping -c1 -t300 ${C1.underlay} || echo silent`])).includes('silent'),
    ).toBe(true);
    await expectEach([
      [knock(SITE2, 'tcp', C1.overlay, 22), 'open 10.201.2.10'],
      [knock(SITE2, 'tcp', HOST1.v4, 9000), `open ${HOST2}`],
      [knock(SITE1, 'tcp', HOST2, 9000), `open ${HOST1.v4}`],
    ]);
    // The tunnel's port answers nobody but the peer: not even a stranger's packet is let in.
    await one.resetTracking();
    await holds('the link is up', async () => expect(await linksUpSince()).toEqual(since), { lasting: 3 });
    expect(await inOne('nft', 'list', 'chain', 'inet', 'meshwright', 'input_policy')).toContain(
      'udp dport 1195 ip saddr 10.195.0.2 accept',
    );
  });
});

describe('a power cut', () => {
  it('loses no rule, in neither family', async () => {
    await one.apply(
      firewall(
        [
          'INPUT -p tcp --dport 22 -s 10.201.1.0/24 -j REJECT --reject-with icmp-port-unreachable',
          'INPUT -p tcp --dport 9005 -m set --match-set a src -j DROP',
          'INPUT -p tcp --dport 22 -s fd00:201::/64 -j REJECT --reject-with icmp6-port-unreachable',
          'PREROUTING -i eth0 -p tcp --dport 8081 -j DNAT --to-destination [fd00:201::10]:9000',
        ],
        { sets: [set('a', 'net', '10.201.1.0/24', 'fd00:201::/64')] },
      ),
    );
    one.close();
    await lab.powerOff(1);
    // No controller this time: the applier alone has to bring everything back.
    await lab.powerOn(1, [
      'node',
      '--disable-warning=ExperimentalWarning',
      `${names.codeDirectory}/dist/server/applier.js`,
    ]);
    await eventually(
      'the rules are there',
      async () => {
        expect(await knock(SITE1, 'tcp', C1.site, 22)).toBe('refused');
        expect(await inOne('iptables-nft-save')).toMatch(/MW-INPUT .*icmp-port-unreachable/);
        expect(await inOne('ipset', 'list', 'MWn4-a')).toContain('10.201.1.0/24');
        expect(await inOne('ipset', 'list', 'MWn6-a')).toContain('fd00:201::/64');
        expect(await knock(STRANGER, 'tcp', C1.underlay, 9000)).toBe('silent');
      },
      { within: 30 },
    );
    await addLocalAddresses();
    expect(await inOne('ip6tables-nft-save')).toMatch(/MW-INPUT .*icmp6-port-unreachable/);
    await eventually(
      'IPv6 packets meet them',
      async () => {
        expect(await knock(STRANGER, 'tcp', C1.v6, 8081)).toBe('open fd00:195::254');
        expect(await knock(STRANGER, 'tcp', C1.v6, 8082)).toBe('silent');
      },
      { within: 30 },
    );
  });
});
