import { describe, expect, it } from 'vitest';
import { run } from '../../../src/lab/program.ts';
import {
  C1,
  expectEach,
  firewall,
  firewallLab,
  HOST1,
  HOST2,
  inOne,
  SITE1,
  SITE2,
  STRANGER,
  STRANGER_AT,
} from '../../support/firewall-lab.ts';
import { type Knock, knock } from '../../support/knock.ts';
import { eventually } from '../../support/until.ts';

const { one, packetsOf } = firewallLab();

/** Where things are in each family. The stranger is this machine, whose packets come in by eth0. */
const FAMILIES = {
  v4: {
    host: HOST1.v4,
    controller: C1.underlay,
    inside: C1.site,
    stranger: STRANGER_AT.v4,
    at: (address: string, port: number | string) => `${address}:${port}`,
    spare: ['10.195.0.77', '10.195.0.78'],
    network: ['10.55.1.0/24', '10.201.1.0/24', '10.55.1.10'],
    bits: 32,
    header: 40,
  },
  v6: {
    host: HOST1.v6,
    controller: C1.v6,
    inside: C1.siteV6,
    stranger: STRANGER_AT.v6,
    at: (address: string, port: number | string) => `[${address}]:${port}`,
    spare: ['fd00:195::77', 'fd00:195::78'],
    network: ['fd00:55::/64', 'fd00:201::/64', 'fd00:55::10'],
    bits: 128,
    header: 60,
  },
} as const;

describe.each(['v4', 'v6'] as const)('translation of %s', (family) => {
  const here = FAMILIES[family];
  const only = family === 'v4' ? '-4' : '-6';
  const fromStranger = (port: number, host: string = here.controller) => knock(STRANGER, 'tcp', host, port);
  const fromSite = (port = 9000) => knock(SITE1, 'tcp', here.stranger, port);
  /** A busy machine may answer late; what was translated wrongly never answers like this. */
  const becomes = (what: string, ask: () => Promise<Knock>, wanted: string) =>
    eventually(what, async () => expect(await ask()).toBe(wanted), { within: 10 });

  it('sends packets on: to an address, to a port, to one of a range, to this controller', async () => {
    await one.apply(
      firewall([
        `PREROUTING ${only} -i eth0 -p tcp --dport 9000 -j DNAT --to-destination ${here.host}`,
        `PREROUTING ${only} -i eth0 -p tcp --dport 8080 -j DNAT --to-destination ${here.at(here.host, 9001)}`,
        `PREROUTING ${only} -i eth0 -p tcp --dport 9002 -j DNAT --to ${here.host}-${here.host}`,
        `PREROUTING ${only} -i site0 -p tcp --dport 8083 -j REDIRECT --to-ports 9003`,
        `PREROUTING ${only} -i eth0 -p tcp --dport 8084 -j DNAT --to-destination ${here.at(here.host, '9004-9005')}`,
        `INPUT ${only} -i site0 -j ACCEPT`,
      ]),
    );
    const seen = `open ${here.stranger}`;
    await expectEach([
      [fromStranger(9000), seen],
      [fromStranger(8080), seen],
      [fromStranger(9002), seen],
      [knock(SITE1, 'tcp', here.inside, 8083), `open ${here.host}`],
      [fromStranger(8084), seen],
      [fromStranger(8085), 'silent'],
    ]);
  });

  it('of a whole network keeps the part that tells hosts apart', async () => {
    const [outside, inside, host] = here.network;
    await one.apply(firewall([`PREROUTING -i eth0 -d ${outside} -j NETMAP --to ${inside}`]));
    await run(['ip', 'route', 'add', outside, 'via', here.controller]);
    try {
      await becomes('the host answers', () => fromStranger(9000, host), `open ${here.stranger}`);
    } finally {
      await run(['ip', 'route', 'del', outside]);
    }
  });

  it('of sources hides them behind the interface, an address or one of a range', async () => {
    const [first, last] = here.spare;
    const open = `FORWARD ${only} -i site0 -j ACCEPT`;
    await one.apply(firewall([`POSTROUTING ${only} -o eth0 -s ${here.host} -j MASQUERADE --random`, open]));
    await becomes('masqueraded', fromSite, `open ${here.controller}`);
    // Only now: of several addresses an interface hides packets behind the newest one.
    for (const address of here.spare)
      await inOne(
        'ip',
        'address',
        'add',
        `${address}/${here.bits}`,
        'dev',
        'eth0',
        ...(family === 'v6' ? ['nodad'] : []),
      );
    await one.apply(firewall([`POSTROUTING -o eth0 -s ${here.host} -j SNAT --to-source ${first}`, open]));
    await becomes('with the address', fromSite, `open ${first}`);
    await one.apply(
      firewall([`POSTROUTING -o eth0 -s ${here.host} -j SNAT --to ${last}-${last} --persistent`, open]),
    );
    await becomes('with one of the range', fromSite, `open ${last}`);
    await one.apply(
      firewall([`POSTROUTING -o eth0 -p tcp -j SNAT --to-source ${here.at(first, '1024-1030')}`, open]),
    );
    await becomes('with ports', fromSite, `open ${first}`);
    await one.apply(firewall([open]));
    await becomes('as it is', fromSite, `open ${here.host}`);
  });

  it('leaves the other family alone', async () => {
    const other = FAMILIES[family === 'v4' ? 'v6' : 'v4'];
    await one.apply(
      firewall([
        `PREROUTING -i eth0 -p tcp --dport 9000 -j DNAT --to-destination ${here.host}`,
        `POSTROUTING ${only} -j MASQUERADE`,
        'FORWARD -i site0 -j ACCEPT',
      ]),
    );
    expect(await fromStranger(9000, other.controller)).toBe('silent');
    expect(await knock(SITE1, 'tcp', other.stranger, 9000)).toBe(`open ${other.host}`);
  });

  it('sets the largest segment, to a number or to what the way takes', async () => {
    const clamped = async (how: string, mss: number) => {
      await one.apply(
        firewall([
          `FORWARD ${only} -p tcp --tcp-flags SYN,RST SYN -j TCPMSS ${how}`,
          `POSTROUTING ${only} -o site0 -p tcp --tcp-flags SYN,ACK SYN -m tcpmss --mss ${mss}`,
          `POSTROUTING ${only} -o site0 -p tcp --tcp-flags SYN,ACK SYN -m tcpmss ! --mss ${mss}`,
          `FORWARD ${only} -i eth0 -p tcp -j ACCEPT`,
        ]),
      );
      await becomes(how, () => fromStranger(9000, here.host), `open ${here.stranger}`);
      expect(await packetsOf(1), how).toBeGreaterThan(0);
      expect(await packetsOf(2), how).toBe(0);
    };
    await clamped('--set-mss 600', 600);
    await inOne('ip', 'link', 'set', 'site0', 'mtu', '1300');
    try {
      await clamped('--clamp-mss-to-pmtu', 1300 - here.header);
    } finally {
      await inOne('ip', 'link', 'set', 'site0', 'mtu', '1500');
    }
  });
});

describe('marks', () => {
  it('go from the packet to its connection and back, so that answers carry them', async () => {
    const bits = '--nfmask 0xff0000 --ctmask 0xff0000';
    await one.apply(
      firewall([
        'PREROUTING -i site0 -p tcp --dport 9000 -j MARK --set-mark 0x10000/0xff0000',
        'PREROUTING -i site0 -m mark --mark 0x10000/0xff0000 -j MARK --or-mark 0x40000',
        'PREROUTING -i site0 -m mark --mark 0x50000/0xff0000 -j MARK --xor-mark 0x10000',
        `PREROUTING -i site0 -m mark --mark 0x40000/0xff0000 -j CONNMARK --save-mark ${bits}`,
        `PREROUTING -i mw2 -j CONNMARK --restore-mark ${bits}`,
        'FORWARD -i mw2 -o site0 -p tcp -m mark --mark 0x40000/0xff0000 -m connmark --mark 0x40000/0xff0000',
        'FORWARD -i mw2 -o site0 -p tcp ! -s 10.201.1.0/24 -m mark --mark 0x10000/0xff0000',
      ]),
    );
    await expectEach([
      [knock(SITE1, 'tcp', HOST2, 9000), `open ${HOST1.v4}`],
      [knock(SITE1, 'tcp', HOST2, 9001), `open ${HOST1.v4}`],
    ]);
    expect(await packetsOf(5)).toBeGreaterThan(0);
    expect(await packetsOf(6)).toBe(0);
  });

  it('set by a rule do not make packets of rules look like those of tunnels', async () => {
    for (const mark of ['0x6d77/0xffffffff', '0x80000000/0x80000000'])
      await expect(one.apply(firewall([`OUTPUT -j MARK --set-mark ${mark}`]))).rejects.toThrow(
        'within 0x00ff0000',
      );
    await one.apply(
      firewall(['OUTPUT -j MARK --set-mark 0xff0000/0xff0000', 'INPUT -j MARK --or-mark 0xff0000']),
    );
    await expectEach([
      [knock(SITE2, 'tcp', HOST1.v4, 9000), `open ${HOST2}`],
      [knock(STRANGER, 'tcp', C1.underlay, 9000), 'silent'],
    ]);
  });
});

describe('subtables', () => {
  it('are reached from every table, in both families, and go back to where they were called', async () => {
    await one.apply(
      firewall(
        [
          'PREROUTING -i eth0 -j forwarded',
          `forwarded -p tcp --dport 8080 -j DNAT --to-destination ${FAMILIES.v4.at(HOST1.v4, 9000)}`,
          `forwarded -p tcp --dport 8080 -j DNAT --to-destination ${FAMILIES.v6.at(HOST1.v6, 9000)}`,
          'INPUT -i site0 -p tcp -j office',
          'INPUT -i site0 -p tcp --dport 9001 -j DROP',
          `office -s ${HOST1.v6} -j deeper`,
          `office -s ${HOST1.v4} -j deeper`,
          'office -p tcp --dport 9002 -j REJECT --reject-with tcp-reset',
          'deeper -p tcp --dport 9003 -j DROP',
          'deeper -p tcp --dport 9002 -j RETURN',
          'deeper -p tcp --dport 9000 -j ACCEPT',
          'OUTPUT -p tcp --sport 9004 -g leaving',
          'OUTPUT -p tcp --sport 9004 -j ACCEPT',
          'leaving -d 10.201.1.10 -j REJECT --reject-with icmp-admin-prohibited',
          'POSTROUTING -o eth0 -j hidden',
          `hidden -s ${HOST1.v4} -j MASQUERADE`,
          'INPUT -i site0 -j ACCEPT',
        ],
        { subtables: ['forwarded', 'office', 'deeper', 'leaving', 'hidden'] },
      ),
    );
    await expectEach([
      [knock(STRANGER, 'tcp', C1.underlay, 8080), `open ${STRANGER_AT.v4}`],
      [knock(STRANGER, 'tcp', C1.v6, 8080), `open ${STRANGER_AT.v6}`],
      [knock(SITE1, 'tcp', C1.site, 9000), `open ${HOST1.v4}`],
      [knock(SITE1, 'tcp', C1.siteV6, 9000), `open ${HOST1.v6}`],
      [knock(SITE1, 'tcp', C1.site, 9001), 'silent'],
      [knock(SITE1, 'tcp', C1.siteV6, 9002), 'refused'],
      [knock(SITE1, 'tcp', C1.siteV6, 9003), 'silent'],
      [knock(SITE1, 'tcp', C1.site, 9004), 'silent'],
      [knock(SITE1, 'tcp', C1.siteV6, 9004), `open ${HOST1.v6}`],
      [knock(SITE1, 'tcp', STRANGER_AT.v4, 9000), `open ${C1.underlay}`],
    ]);
    expect(await inOne('ip6tables-nft-save')).toContain('-A MW-office -p tcp');
  });
});
