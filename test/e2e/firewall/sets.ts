import { describe, expect, it } from 'vitest';
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
  set,
} from '../../support/firewall-lab.ts';
import { startFlow } from '../../support/flow.ts';
import { type Knock, knock } from '../../support/knock.ts';

const { lab, one } = firewallLab();
/** IPv6 packets of a site are let in by rules only, so that each list ends with these. */
const REST = ['INPUT -s fd00:201::/64 -j ACCEPT', 'FORWARD -s fd00:195::/64 -j ACCEPT'];

const FAMILIES = {
  v4: { inside: C1.site, host: HOST1.v4, network: '10.201.1.0/24', elsewhere: '10.99.0.0/16' },
  v6: { inside: C1.siteV6, host: HOST1.v6, network: 'fd00:201::/64', elsewhere: '2001:db8::/32' },
} as const;

describe.each(['v4', 'v6'] as const)('sets in rules for %s', (family) => {
  const { inside, host, network, elsewhere } = FAMILIES[family];
  const open = `open ${host}`;
  const ask = (port: number): Promise<Knock> => knock(SITE1, 'tcp', inside, port);

  it('hold networks and addresses, matched and negated, as source and as destination', async () => {
    const rules = [
      'INPUT -m set --match-set office src -p tcp --dport 9000 -j DROP',
      'INPUT -m set ! --match-set office src -p tcp --dport 9001 -j DROP',
      'INPUT -m set --match-set self dst -p tcp --dport 9002 -j DROP',
      'INPUT -m set --match-set nobody src -j DROP',
      ...REST,
    ];
    const sets = [
      set('office', 'net', network, elsewhere),
      set('self', 'net', inside),
      set('nobody', 'net', elsewhere),
    ];
    await one.apply(firewall(rules, { sets }));
    await expectEach([
      [ask(9000), 'silent'],
      [ask(9001), open],
      [ask(9002), 'silent'],
      [ask(9003), open],
    ]);
    await one.apply(firewall(rules, { sets: [set('office', 'net', elsewhere), ...sets.slice(1)] }));
    await expectEach([
      [ask(9000), open],
      [ask(9001), 'silent'],
    ]);
  });

  it('hold everybody, and ports', async () => {
    const sets = [
      set('everybody', 'net', '0.0.0.0/0', '::/0'),
      set('ports', 'port', '9001', '9003-9004'),
      set('high', 'port', '1024-65535'),
    ];
    const rules = [
      'INPUT -p tcp -m set --match-set everybody src -m set --match-set ports dst -j DROP',
      'INPUT -p tcp --dport 9005 -m set --match-set high src -j DROP',
      ...REST,
    ];
    await one.apply(firewall(rules, { sets }));
    await expectEach([
      [ask(9000), open],
      [ask(9001), 'silent'],
      [ask(9002), open],
      [ask(9004), 'silent'],
      [ask(9005), 'silent'],
    ]);
  });

  it('hold services: an address with a protocol and ports', async () => {
    const service = set('services', 'service', `${inside},tcp:9000-9001`, `${inside},udp:9002`);
    await one.apply(
      firewall(['INPUT -m set --match-set services dst,dst -j DROP', ...REST], { sets: [service] }),
    );
    await expectEach([
      [ask(9000), 'silent'],
      [ask(9001), 'silent'],
      [ask(9002), open],
      [knock(SITE1, 'udp', inside, 9002), 'silent'],
    ]);
  });

  it('hold sets, and what is in those now', async () => {
    const rules = [
      'INPUT -p tcp --dport 9000 -m set --match-set everything_that_is_in_one_lis src -j DROP',
      'INPUT -p tcp -m set --match-set doors dst -j DROP',
      ...REST,
    ];
    const sets = (office: string) => [
      set('office', 'net', office),
      set('others', 'net', '198.51.100.0/24'),
      set('ports', 'port', '9001'),
      set('everything_that_is_in_one_lis', 'list', 'office', 'others'),
      set('doors', 'list', 'ports'),
    ];
    await one.apply(firewall(rules, { sets: sets(network) }));
    await expectEach([
      [ask(9000), 'silent'],
      [ask(9001), 'silent'],
      [ask(9002), open],
    ]);
    await one.apply(firewall(rules, { sets: sets(elsewhere) }));
    await expectEach([
      [ask(9000), open],
      [ask(9001), 'silent'],
    ]);
  });
});

describe('sets of both families', () => {
  it('say who is let through the controller', async () => {
    const friends = set('friends', 'net', STRANGER_AT.v4, STRANGER_AT.v6);
    const rules = ['FORWARD -m set --match-set friends src -p tcp --dport 9000 -j ACCEPT'];
    await one.apply(firewall(rules, { sets: [friends] }));
    await expectEach([
      [knock(STRANGER, 'tcp', HOST1.v4, 9000), `open ${STRANGER_AT.v4}`],
      [knock(STRANGER, 'tcp', HOST1.v6, 9000), `open ${STRANGER_AT.v6}`],
      [knock(STRANGER, 'tcp', HOST1.v4, 9001), 'silent'],
      [knock(STRANGER, 'tcp', HOST1.v6, 9001), 'silent'],
      [knock(SITE2, 'tcp', HOST1.v4, 9001), `open ${HOST2}`],
    ]);
  });

  it('change under a flow without a packet lost, and leave nothing behind', async () => {
    const flow = await startFlow(lab, 2, 1);
    const rules = [
      'FORWARD -m set --match-set blocked src -j DROP',
      'FORWARD -m set --match-set blocked dst -j DROP',
    ];
    for (let turn = 0; turn < 5; turn++) {
      const entries = Array.from({ length: 2000 }, (_, at) => `10.${120 + turn}.${at >> 8}.${at & 255}`);
      await one.apply(
        firewall(rules, { sets: [set('blocked', 'net', ...entries, `2001:db8:${turn}::/48`)] }),
      );
    }
    await flow.untilFlowing();
    expect((await flow.stop()).lost).toBe(0);
    expect(await inOne('ipset', 'list', '-n', 'MWn6-blocked')).toContain('MWn6-blocked');
    await one.apply(firewall([]));
    expect(await inOne('ipset', 'list', '-n')).toBe('');
  });
});
