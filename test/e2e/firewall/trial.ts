import { describe, expect, it } from 'vitest';
import {
  C1,
  firewall,
  firewallLab,
  HOST1,
  HOST2,
  idOf,
  inOne,
  SITE1,
  unstamped,
} from '../../support/firewall-lab.ts';
import { startFlow } from '../../support/flow.ts';
import { knock } from '../../support/knock.ts';
import { eventually, until } from '../../support/until.ts';

const { lab, one } = firewallLab();

describe('a firewall on trial', () => {
  const closed = ['INPUT -p tcp --dport 9000 -j DROP'];
  const stays = async (what: string, wanted: string) => {
    await eventually(what, async () => expect(await knock(SITE1, 'tcp', C1.site, 9000)).toBe(wanted), {
      within: 30,
    });
  };

  it('stays when it is confirmed', async () => {
    await one.apply(firewall(closed, { confirmBy: Date.now() + 60_000 }));
    expect((await one.observe()).firewall).toMatchObject({ reverted: false, confirmBy: expect.any(Number) });
    await one.apply(firewall(closed));
    expect((await one.observe()).firewall).toEqual({ confirmBy: null, reverted: false });
    expect(await knock(SITE1, 'tcp', C1.site, 9000)).toBe('silent');
  });

  it('is taken back when nobody confirms, and stays so though the same document comes again', async () => {
    const trial = firewall(closed, { confirmBy: Date.now() + 4000 });
    const before = one.events.length;
    await one.apply(trial);
    expect(await knock(SITE1, 'tcp', C1.site, 9000)).toBe('silent');
    await stays('the former firewall is back', 'open 10.201.1.10');
    await until(
      'it is told',
      () => one.events.slice(before).some(({ event }) => event === 'firewall_reverted'),
      { within: 5 },
    );
    expect((await one.observe()).firewall?.reverted).toBe(true);
    await one.apply(trial);
    expect(await knock(SITE1, 'tcp', C1.site, 9000)).toBe('open 10.201.1.10');
  });

  it('is taken back by an applier that was killed meanwhile', async () => {
    await one.apply(firewall(closed, { confirmBy: Date.now() + 4000 }));
    lab.kill(1, 'applier');
    await stays('the former firewall is back', 'open 10.201.1.10');
    await until('the applier answers', () => one.watch().then(() => true), { within: 20 });
    expect((await one.observe()).firewall?.reverted).toBe(true);
  });
});

describe('a firewall that is tried out', () => {
  const tests = [
    { name: 'site 2 to the web', from: HOST2, to: HOST1.v4, protocol: 'tcp', port: 9000, expect: 'pass' },
    { name: 'strangers', from: '203.0.113.7', to: HOST1.v4, protocol: 'udp', port: 53, expect: 'drop' },
    {
      name: 'own name server',
      from: '10.195.0.1',
      to: '10.195.0.254',
      protocol: 'udp',
      port: 53,
      expect: 'pass',
    },
    { name: 'ping', from: HOST1.v4, to: C1.site, protocol: 'icmp', port: null, expect: 'pass' },
    {
      name: 'a client',
      from: '100.127.255.193',
      to: C1.overlay,
      protocol: 'tcp',
      port: 8000,
      expect: 'drop',
    },
    { name: 'SSH', from: '10.195.0.254', to: '10.195.0.1', protocol: 'tcp', port: 22, expect: 'pass' },
    { name: 'IPv6', from: 'fd00:195::254', to: HOST1.v6, protocol: 'tcp', port: 443, expect: 'drop' },
  ] as const;

  it('says of every test how it went, and changes nothing', async () => {
    const before = unstamped(await inOne('iptables-nft-save')) + (await inOne('nft', 'list', 'ruleset'));
    const good = await one.check(firewall([]), [...tests]);
    expect(good).toMatchObject({
      problems: [],
      tests: tests.map(({ name, expect: got }) => ({ name, got })),
    });
    const bad = await one.check(
      firewall([
        'FORWARD -i mw2 -p tcp --dport 9000 -j REJECT',
        'OUTPUT -p udp --dport 53 -j DROP',
        'FORWARD -s fd00:195::/64 -j ACCEPT',
      ]),
      [...tests],
    );
    expect(bad.tests.map(({ got }) => got)).toEqual(['drop', 'drop', 'drop', 'pass', 'drop', 'pass', 'pass']);
    expect(bad.tests[0]?.detail).toBe('coming in by mw2: expected pass, got drop');
    expect(unstamped(await inOne('iptables-nft-save')) + (await inOne('nft', 'list', 'ruleset'))).toBe(
      before,
    );
  });

  it('follows translation', async () => {
    const check = await one.check(
      firewall(['PREROUTING -i eth0 -p tcp --dport 8080 -j DNAT --to-destination 10.201.1.10:80']),
      [
        {
          name: 'forwarded',
          from: '10.195.0.254',
          to: C1.underlay,
          protocol: 'tcp',
          port: 8080,
          expect: 'pass',
        },
        {
          name: 'not forwarded',
          from: '10.195.0.254',
          to: C1.underlay,
          protocol: 'tcp',
          port: 8081,
          expect: 'drop',
        },
      ],
    );
    expect(check.tests.map(({ got }) => got)).toEqual(['pass', 'drop']);
  });

  it('says what the engine would refuse', async () => {
    const check = await one.check(
      firewall(['INPUT -j DROP', 'INPUT -p udp -j REJECT --reject-with tcp-reset']),
      [],
    );
    expect(check.problems).toMatchObject([{ rule: idOf(1) }]);
  });

  it('names the live flows that it would cut, and only those', async () => {
    const flow = await startFlow(lab, 2, 1);
    const kept = ['FORWARD -m conntrack --ctstate ESTABLISHED -j ACCEPT', 'FORWARD -p udp -j DROP'];
    expect((await one.check(firewall(kept), [], true)).cut).toEqual([]);
    const { cut } = await one.check(firewall(['FORWARD -p udp --dport 20201 -j DROP']), [], true);
    expect(cut).toEqual([expect.stringMatching(/^udp 10\.201\.2\.10:\d+ -> 10\.201\.1\.10:20201$/)]);
    await flow.untilFlowing();
    await flow.stop();
  });
});
