import { describe, expect, it } from 'vitest';
import { MATCHES } from '../../../src/firewall/grammar/matches.ts';
import { attempt, run } from '../../../src/lab/program.ts';
import { C1, firewall, firewallLab, HOST1, SITE1 } from '../../support/firewall-lab.ts';
import { inNamespace, knock } from '../../support/knock.ts';
import { sendPacket } from '../../support/packet.ts';
import { eventually } from '../../support/until.ts';

const { one, packetsOf } = firewallLab();

/** In three days: no test takes so long that it would become today. */
const otherDay = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][(new Date().getUTCDay() + 3) % 7]!;
const TCP = '-p tcp --dport 9000';
const SYN = `${TCP} --tcp-flags SYN,ACK,FIN,RST SYN`;
const UDP = '-p udp --dport 9000';

/** Matches that the packets below meet, and others of the same module that they do not. */
interface Kind {
  readonly meets: readonly string[];
  readonly misses: readonly string[];
}

/** Every module of the allow-list, in each family that it exists for. */
const kindsOf = (family: 'v4' | 'v6', mac: string): Record<string, Kind> => {
  const v4 = family === 'v4';
  const host = v4 ? HOST1.v4 : HOST1.v6;
  const self = v4 ? C1.site : C1.siteV6;
  const [low, high, other] = v4
    ? ['10.201.1.9', '10.201.1.11', '10.201.1.12']
    : ['fd00:201::f', 'fd00:201::11', 'fd00:201::12'];
  const length = v4 ? 20 : 40;
  const icmp = (name: string, type: string, wrong: string): Kind => ({
    meets: [
      `-p ${name} ${type} echo-request`,
      `-p ${name} -m ${v4 ? 'icmp' : 'icmp6'} ${type} ${v4 ? 8 : 128}`,
    ],
    misses: [`-p ${name} ${type} ${wrong}`],
  });
  const both: Record<string, Kind> = {
    tcp: {
      meets: [
        `-p tcp -m tcp --sport 1024:65535 --dport 9000 --syn`,
        `${SYN} --tcp-option 2`,
        `${TCP} ! --syn`,
      ],
      misses: ['-p tcp --dport 9001', `${SYN} --tcp-option 30`, `${TCP} --tcp-flags ALL NONE`],
    },
    udp: {
      meets: [UDP, '-p udp -m udp --dport 8999:9000'],
      misses: ['-p udp --dport 9001', '-p udp --sport 1'],
    },
    sctp: {
      meets: ['-p sctp --dport 9000', '-p sctp -m sctp --sport 40000'],
      misses: ['-p sctp --dport 9001'],
    },
    multiport: {
      meets: [`-p tcp -m multiport --dports 80,8999:9000`, '-p udp -m multiport --ports 1,9000'],
      misses: [
        '-p tcp -m multiport --dports 80,443',
        '-p tcp -m multiport --sports 9000',
        `${TCP} -m multiport ! --dports 9000`,
      ],
    },
    iprange: {
      meets: [`-m iprange --src-range ${low}-${high}`, `-m iprange --dst-range ${self}-${self}`],
      misses: [`-m iprange --src-range ${high}-${other}`, `-m iprange ! --src-range ${low}-${high}`],
    },
    conntrack: {
      meets: [
        `${SYN} -m conntrack --ctstate NEW --ctdir ORIGINAL --ctproto tcp`,
        `${TCP} -m conntrack --ctstate ESTABLISHED,RELATED`,
        `${TCP} -m conntrack --ctorigsrc ${host} --ctorigdst ${self} --ctorigdstport 9000 --ctreplsrcport 9000`,
      ],
      misses: [
        `${SYN} -m conntrack --ctstate ESTABLISHED`,
        `${TCP} -m conntrack --ctorigsrc ${self}`,
        `${TCP} -m conntrack --ctdir REPLY`,
        `${TCP} -m conntrack --ctorigdstport 9001`,
        `${TCP} -m conntrack --ctstatus EXPECTED`,
      ],
    },
    state: { meets: [`${SYN} -m state --state NEW`], misses: [`${TCP} -m state --state UNTRACKED,INVALID`] },
    connlimit: {
      meets: [
        `${SYN} -m connlimit --connlimit-above 0 --connlimit-mask ${v4 ? 32 : 128}`,
        `${SYN} -m connlimit --connlimit-upto 99 --connlimit-saddr`,
      ],
      misses: [`${SYN} -m connlimit --connlimit-above 99`],
    },
    limit: { meets: [`${TCP} -m limit --limit 1/hour --limit-burst 2`], misses: [] },
    hashlimit: {
      meets: [
        `${TCP} -m hashlimit --hashlimit-upto 1/hour --hashlimit-burst 2 --hashlimit-mode srcip,dstport --hashlimit-name up${family}`,
        `${TCP} -m hashlimit --hashlimit-above 1/hour --hashlimit-burst 1 --hashlimit-mode srcip --hashlimit-srcmask 24 --hashlimit-name ab${family}`,
      ],
      misses: [
        `${TCP} -m hashlimit --hashlimit-above 1000/second --hashlimit-burst 999 --hashlimit-name mi${family}`,
      ],
    },
    mac: {
      meets: [`${TCP} -m mac --mac-source ${mac}`],
      misses: [`${TCP} -m mac --mac-source 02:00:00:00:00:99`, `${TCP} -m mac ! --mac-source ${mac}`],
    },
    addrtype: {
      meets: [`${TCP} -m addrtype --src-type UNICAST --dst-type LOCAL`],
      misses: [`${TCP} -m addrtype --src-type LOCAL`, `${TCP} -m addrtype --dst-type MULTICAST`],
    },
    mark: {
      meets: [`${TCP} -m mark --mark 0x10000/0xff0000`],
      misses: [`${TCP} -m mark --mark 0x20000/0xff0000`],
    },
    connmark: {
      meets: [`${TCP} -m connmark --mark 0x30000/0xff0000`],
      misses: [`${TCP} -m connmark --mark 0x10000/0xff0000`],
    },
    length: {
      meets: [`${UDP} -m length --length ${length + 8 + 100}`, `${UDP} -m length --length ${length}:200`],
      misses: [`${UDP} -m length --length 201:65535`],
    },
    dscp: {
      meets: [`${UDP} -m dscp --dscp 46`, `${UDP} -m dscp --dscp-class EF`],
      misses: [`${UDP} -m dscp --dscp-class AF21`],
    },
    pkttype: {
      meets: [`${TCP} -m pkttype --pkt-type unicast`],
      misses: [`${TCP} -m pkttype --pkt-type multicast`, `${TCP} -m pkttype --pkt-type broadcast`],
    },
    tcpmss: { meets: [`${SYN} -m tcpmss --mss 1400:1460`], misses: [`${SYN} -m tcpmss --mss 1:536`] },
    policy: {
      meets: [`${TCP} -m policy --dir in --pol none`],
      misses: [`${TCP} -m policy --dir in --pol ipsec --proto esp`],
    },
    statistic: {
      meets: [
        `${TCP} -m statistic --mode random --probability 1`,
        `${TCP} -m statistic --mode nth --every 2 --packet 0`,
      ],
      misses: [`${TCP} -m statistic --mode random --probability 0`],
    },
    time: {
      meets: [`${TCP} -m time --timestart 00:00 --timestop 23:59:59`],
      misses: [`${TCP} -m time --weekdays ${otherDay}`],
    },
    comment: { meets: [`${TCP} -m comment --comment "all of it; -j DROP"`], misses: [] },
  };
  return v4
    ? {
        ...both,
        icmp: icmp('icmp', '--icmp-type', 'echo-reply'),
        ttl: {
          meets: [`${UDP} -m ttl --ttl-eq 7`, `${UDP} -m ttl --ttl-lt 8`],
          misses: [`${UDP} -m ttl --ttl-gt 7`],
        },
      }
    : {
        ...both,
        icmpv6: icmp('icmpv6', '--icmpv6-type', 'echo-reply'),
        icmp6: icmp('ipv6-icmp', '--icmpv6-type', 'packet-too-big'),
        hl: {
          meets: [`${UDP} -m hl --hl-eq 7`, `${UDP} -m hl --hl-lt 8`],
          misses: [`${UDP} -m hl --hl-gt 7`],
        },
      };
};

/** One packet or flow for each kind: TCP, UDP with odd fields, SCTP and ping. */
async function sendAll(family: 'v4' | 'v6'): Promise<void> {
  const to = family === 'v4' ? C1.site : C1.siteV6;
  for (let times = 0; times < 2; times++) expect(await knock(SITE1, 'tcp', to, 9000)).toMatch(/^open /);
  await sendPacket(SITE1, { to, port: 9000, ttl: 7, tos: 46 << 2, size: 100 });
  await sendPacket(SITE1, { to, port: 9000, protocol: 132, size: 12 });
  await attempt(inNamespace(SITE1, ['fping', '-c1', '-t500', to]));
}

describe.each(['v4', 'v6'] as const)('matches of %s', (family) => {
  const source = family === 'v4' ? HOST1.v4 : HOST1.v6;

  it('meet the packets that they describe, and no others', async () => {
    const shown = await run(inNamespace(SITE1, ['ip', '-o', 'link', 'show', 'eth0']));
    const mac = /link\/ether ([0-9a-f:]{17})/.exec(shown)?.[1] ?? '';
    const kinds = Object.entries(kindsOf(family, mac));
    const meets = kinds.flatMap(([, kind]) => kind.meets);
    const misses = kinds.flatMap(([, kind]) => kind.misses);
    const marks = [
      'PREROUTING -j MARK --set-xmark 0x10000/0xff0000',
      'PREROUTING -j CONNMARK --set-xmark 0x30000/0xff0000',
    ];
    // Rules without a target count and let pass.
    const counting = [...meets, ...misses].map((match) => `INPUT -s ${source} ${match}`);
    await one.apply(firewall([...counting, ...marks, `INPUT -s ${source} -j ACCEPT`]));
    await sendAll(family);
    const packets = new Map<string, number>();
    await eventually(
      'every rule has met its packets',
      async () => {
        for (const [at, match] of [...meets, ...misses].entries()) packets.set(match, await packetsOf(at));
        expect(meets.filter((match) => packets.get(match) === 0)).toEqual([]);
      },
      { within: 5 },
    );
    expect(misses.filter((match) => packets.get(match) !== 0)).toEqual([]);
    const limited = meets.filter((match) => /--(limit|hashlimit-upto) 1\/hour/.test(match));
    expect(limited.map((match) => packets.get(match))).toEqual([2, 2]);
  });

  it('are those of the allow-list, all of them', () => {
    const listed = Object.entries(MATCHES).filter(
      ([name, module]) => name !== 'set' && [family, 'both'].includes(module.family),
    );
    expect(Object.keys(kindsOf(family, '')).sort()).toEqual(listed.map(([name]) => name).sort());
  });

  it('decide what becomes of the packets', async () => {
    const to = family === 'v4' ? C1.site : C1.siteV6;
    const rules = (match: string) =>
      firewall([
        `INPUT -s ${source} ${match} -j REJECT --reject-with tcp-reset`,
        `INPUT -s ${source} -j ACCEPT`,
      ]);
    await one.apply(rules(`${SYN} -m tcpmss --mss 1400:1460 -m conntrack --ctstate NEW`));
    expect(await knock(SITE1, 'tcp', to, 9000)).toBe('refused');
    await one.apply(rules(`${SYN} -m tcpmss --mss 1:536 -m conntrack --ctstate NEW`));
    expect(await knock(SITE1, 'tcp', to, 9000)).toMatch(/^open /);
  });
});
