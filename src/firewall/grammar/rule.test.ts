import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRule, type Rule, ruleText, type Scope } from './rule.ts';
import { RuleError } from './rule-error.ts';

const scope: Scope = {
  hasSubtable: (name) => ['web', 'PRE_C_dnat', 'ACCEPT', 'constructor'].includes(name),
  hasSet: (name) => ['NETS_office', 'PORTS_web'].includes(name),
};
const parse = (line: string): Rule => parseRule(line, scope);
const refusal = (line: string): RuleError => {
  try {
    parse(line);
  } catch (error) {
    if (error instanceof RuleError) return error;
    throw error;
  }
  throw new Error(`accepted: ${line}`);
};

/** Rules as operators write them, with table, family and target. */
const GOOD: readonly [string, string, string, string | null][] = [
  ['INPUT -p tcp --dport 22 -j ACCEPT', 'INPUT', 'both', 'ACCEPT'],
  ['INPUT_CUST -p tcp -m tcp --dport 8000:8010 -j DROP', 'INPUT', 'both', 'DROP'],
  ['MACRO_CUST -o eth0 -s 100.127.255.192/26 -j MASQUERADE', 'POSTROUTING', 'v4', 'MASQUERADE'],
  ['POSTROUTING -o eth0 -s 10.0.0.0/255.0.0.0 -j SNAT --to-source 192.0.2.1', 'POSTROUTING', 'v4', 'SNAT'],
  [
    'PREROUTING -i eth0 -p tcp --dport 80 -j DNAT --to-destination 100.127.255.193:8080',
    'PREROUTING',
    'v4',
    'DNAT',
  ],
  ['PREROUTING -p tcp --dport 80 -j DNAT --to-destination [2001:db8::1]:8080', 'PREROUTING', 'v6', 'DNAT'],
  ['PREROUTING -p tcp --dport 80 -j DNAT --to-destination :8080', 'PREROUTING', 'both', 'DNAT'],
  ['PREROUTING -j DNAT --to-destination 2001:db8::1', 'PREROUTING', 'v6', 'DNAT'],
  ['PREROUTING -j DNAT --to ::1', 'PREROUTING', 'v6', 'DNAT'],
  ['PREROUTING -p tcp -j DNAT --to-destination [2001:db8::1-2001:db8::9]:80-90', 'PREROUTING', 'v6', 'DNAT'],
  ['POSTROUTING -j SNAT --to-source 2001:db8::1-2001:db8::9', 'POSTROUTING', 'v6', 'SNAT'],
  ['POSTROUTING -j SNAT --to 10.0.0.1-10.0.0.9', 'POSTROUTING', 'v4', 'SNAT'],
  ['PREROUTING -p udp --dport 53 -j REDIRECT --to-ports 5353', 'PREROUTING', 'both', 'REDIRECT'],
  ['FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu', 'FORWARD', 'both', 'TCPMSS'],
  ['FORWARD ! -s 10.0.0.0/8 -d 2001:db8::/32 -j DROP', 'FORWARD', '', 'DROP'],
  ['FORWARD ! -s 2001:db8::/32 ! -i eth+ -j DROP', 'FORWARD', 'v6', 'DROP'],
  ['FORWARD -s 10.0.0.1,10.0.0.2 -d 10.1.0.0/16 -j RETURN', 'FORWARD', 'v4', 'RETURN'],
  [
    'FORWARD -m set --match-set NETS_office src -m set ! --match-set PORTS_web dst -j DROP',
    'FORWARD',
    'both',
    'DROP',
  ],
  ['FORWARD -m iprange --src-range 10.0.0.1-10.0.0.9 -j DROP', 'FORWARD', 'v4', 'DROP'],
  [
    'FORWARD -m conntrack --ctstate NEW,RELATED -m limit --limit 10/second --limit-burst 20 -j ACCEPT',
    'FORWARD',
    'both',
    'ACCEPT',
  ],
  ['INPUT -p tcp -m multiport --dports 80,443,8000:8010 -j ACCEPT', 'INPUT', 'both', 'ACCEPT'],
  ['INPUT -m mac --mac-source 02:00:00:00:00:01 -j DROP', 'INPUT', 'both', 'DROP'],
  ['INPUT -p icmp --icmp-type echo-request -j DROP', 'INPUT', 'v4', 'DROP'],
  ['INPUT -p ipv6-icmp -m icmp6 --icmpv6-type echo-request -j DROP', 'INPUT', 'v6', 'DROP'],
  ['INPUT -p tcp --dport 25 -j REJECT --reject-with tcp-reset', 'INPUT', 'both', 'REJECT'],
  ['INPUT -j REJECT --reject-with icmp6-adm-prohibited', 'INPUT', 'v6', 'REJECT'],
  ['INPUT -m comment --comment "let the office in, -j DROP" -j ACCEPT', 'INPUT', 'both', 'ACCEPT'],
  [
    'INPUT -p tcp --dport 22 -m hashlimit --hashlimit-above 5/minute --hashlimit-mode srcip --hashlimit-name ssh -j DROP',
    'INPUT',
    'both',
    'DROP',
  ],
  ['FORWARD -m addrtype --dst-type BROADCAST -j DROP', 'FORWARD', 'both', 'DROP'],
  ["OUTPUT -d 10.0.0.1 -j LOG --log-prefix 'to the printer '", 'OUTPUT', 'v4', 'LOG'],
  ['FORWARD -j MARK --set-xmark 0x10000/0xff0000', 'FORWARD', 'both', 'MARK'],
  [
    'PREROUTING -j CONNMARK --restore-mark --nfmask 0xff0000 --ctmask 0xff0000',
    'PREROUTING',
    'both',
    'CONNMARK',
  ],
  ['POSTROUTING -s 10.1.0.0/24 -j NETMAP --to 10.2.0.0/24', 'POSTROUTING', 'v4', 'NETMAP'],
  ['FORWARD -j web', 'FORWARD', 'both', 'web'],
  ['web -g PRE_C_dnat', 'web', 'both', 'PRE_C_dnat'],
  ['FORWARD -6 -p tcp', 'FORWARD', 'v6', null],
  ['FORWARD\t-s  10.0.0.1   -j DROP ', 'FORWARD', 'v4', 'DROP'],
];

describe('a rule', () => {
  it.each(GOOD.filter(([, , family]) => family !== ''))('is read: %s', (line, table, family, target) => {
    expect(parse(line)).toMatchObject({ table, family, target });
  });

  it.each(GOOD.filter(([, , family]) => family !== ''))(
    'is the same when it is written and read again: %s',
    (line) => {
      const rule = parse(line);
      expect(parse(ruleText(rule))).toEqual(rule);
    },
  );

  it('names the sets that it looks into', () => {
    expect(parse('FORWARD -m set --match-set NETS_office src -j DROP').sets).toEqual(['NETS_office']);
  });

  /** Each with the word at which it stops being a rule. */
  const BAD: readonly [string, string | null][] = [
    ['', null],
    ['INPUT', null],
    ['-A INPUT -j DROP', '-A'],
    ['NAT -j DROP', 'NAT'],
    ['mw-INPUT -j DROP', 'mw-INPUT'],
    ['ACCEPT -j DROP', 'ACCEPT'],
    ['INPUT -j', '-j'],
    ['INPUT -j nowhere', 'nowhere'],
    ['INPUT -j constructor -j DROP', 'DROP'],
    ['INPUT -j toString', 'toString'],
    ['INPUT -j DROP -j ACCEPT', 'ACCEPT'],
    ['INPUT -g DROP', 'DROP'],
    ['INPUT -j NFQUEUE --queue-num 1', 'NFQUEUE'],
    ['INPUT -j MW-ACCEPT', 'MW-ACCEPT'],
    ['web -j web', 'web'],
    ['INPUT -t nat -j DROP', '-t'],
    ['INPUT -A FORWARD -j DROP', '-A'],
    ['INPUT --modprobe /tmp/x -j DROP', '--modprobe'],
    ['INPUT -c 1 2 -j DROP', '-c'],
    ['INPUT -m bpf --object-pinned /sys/fs/bpf/x -j DROP', 'bpf'],
    ['INPUT -m recent --set -j DROP', 'recent'],
    ['INPUT -m ../../tmp/x -j DROP', '../../tmp/x'],
    ['INPUT -m constructor -j DROP', 'constructor'],
    ['INPUT -m set --match-set other src -j DROP', 'other'],
    ['INPUT -m set --match-set NETS_office -j DROP', '-j'],
    ['INPUT --match-set NETS_office src -j DROP', '--match-set'],
    ['INPUT --dport 22 -j DROP', '--dport'],
    ['INPUT -p tcp --dpor 22 -j DROP', '--dpor'],
    ['INPUT -p tcp --dport=22 -j DROP', '--dport=22'],
    ['INPUT -p tcp --dport 70000 -j DROP', '70000'],
    ['INPUT -p tcp --dport 20:10 -j DROP', '20:10'],
    ['INPUT -p tcp --dport ! 22 -j DROP', '!'],
    ['INPUT ! -j DROP', '-j'],
    ['INPUT -s 10.0.0.300 -j DROP', '10.0.0.300'],
    ['INPUT -s 010.0.0.1 -j DROP', '010.0.0.1'],
    ['INPUT -s 10.0.0.0/33 -j DROP', '10.0.0.0/33'],
    ['INPUT -s 10.0.0.0/255.0.255.0 -j DROP', '10.0.0.0/255.0.255.0'],
    ['INPUT -s example.com -j DROP', 'example.com'],
    ['INPUT ! -s 10.0.0.1,10.0.0.2 -j DROP', '10.0.0.1,10.0.0.2'],
    ['INPUT -s 10.0.0.1,2001:db8::1 -j DROP', '10.0.0.1,2001:db8::1'],
    ['INPUT -s 10.0.0.1 -d 2001:db8::1 -j DROP', '2001:db8::1'],
    ['INPUT -o eth0 -j DROP', '-o'],
    ['POSTROUTING -i eth0 -j MASQUERADE', '-i'],
    ['INPUT -i eth0;id -j DROP', 'eth0;id'],
    ['INPUT -i averylonginterfacename -j DROP', 'averylonginterfacename'],
    ['INPUT -j SNAT --to-source 10.0.0.1', 'SNAT'],
    ['POSTROUTING -j SNAT', 'SNAT'],
    ['POSTROUTING -j SNAT --to-source 10.0.0.1 --to 10.0.0.2', '--to'],
    ['POSTROUTING -j SNAT --to-source [10.0.0.1]:80', '[10.0.0.1]:80'],
    ['POSTROUTING -j SNAT --to-source [2001:db8::1', '[2001:db8::1'],
    ['POSTROUTING -j SNAT --to-source [2001:db8::1]:0', '[2001:db8::1]:0'],
    ['POSTROUTING -j SNAT --to-source 2001:db8::9-2001:db8::1', '2001:db8::9-2001:db8::1'],
    ['POSTROUTING -j SNAT --to-source 2001:db8::1-10.0.0.1', '2001:db8::1-10.0.0.1'],
    ['PREROUTING -p tcp -j DNAT --to-destination 10.0.0.1:', '10.0.0.1:'],
    ['INPUT -j ACCEPT --to-source 10.0.0.1', '--to-source'],
    ['FORWARD -j MARK --set-mark 0x6d77', '0x6d77'],
    ['FORWARD -j MARK --set-mark 0x6d77/0xffff', '0x6d77/0xffff'],
    ['FORWARD -j MARK --or-mark 0x80000000', '0x80000000'],
    ['FORWARD -j MARK --and-mark 0', '--and-mark'],
    ['FORWARD -j CONNMARK --restore-mark', 'CONNMARK'],
    ['FORWARD -j LOG --log-prefix "-j"', '-j'],
    ['INPUT -m comment --comment "!" -j DROP', '!'],
    ['INPUT -m comment --comment a"b -j DROP', 'a"b'],
    ['INPUT -m comment --comment "a\\" -j DROP', 'a\\'],
    ['INPUT -m comment --comment "" -j DROP', ''],
    ['INPUT -m comment --comment a\n-A INPUT -j ACCEPT', '\n'],
    ['INPUT -j DROP\r', '\r'],
    ['INPUT -j DROP\0', '\0'],
    ['INPUT -j DROP\u2028-j', '\u2028'],
    ['INPUT \u2212j DROP', '\u2212'],
    ['INPUT | id', '|'],
    ['INPUT $(id) -j DROP', '$(id)'],
    ['INPUT -j DROP # comment', '#'],
    [`INPUT ${'-s 10.0.0.1 '.repeat(65)}`, null],
    [`INPUT -m comment --comment ${'a'.repeat(2000)}`, null],
  ];
  it.each(BAD)('is refused with the word that is wrong: %j', (line, word) => {
    expect(refusal(line).word).toBe(word);
  });

  it('says what would have been right', () => {
    expect(refusal('INPUT -p tcp --dport http').message).toBe(
      '"http" is not what --dport takes: a port or a range of ports, like 443 or 8000:8010',
    );
    expect(refusal('INPUT --ctstate NEW').message).toBe(
      '"--ctstate" needs -m conntrack (or its -p) before it',
    );
    expect(refusal('INPUT --to-source 10.0.0.1').message).toBe('"--to-source" needs -j SNAT before it');
    expect(refusal('INPUT -j MASQUERADE').message).toBe(
      '"MASQUERADE" cannot be used in INPUT, only in POSTROUTING',
    );
  });
});

describe('hostile text', { timeout: 60_000 }, () => {
  const lines = GOOD.map(([line]) => line);

  it('never gets a word through that the allow-list does not know, wherever it is put', () => {
    const odd = fc.oneof(
      fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }),
      fc.constantFrom(
        '\n',
        '\r',
        '\0',
        '"',
        "'",
        '\\',
        ' -j ',
        '\u2028',
        '\u0085',
        ' --',
        ' -A INPUT',
        '\t!',
        ';',
        '`id`',
        '$(x)',
      ),
    );
    fc.assert(
      fc.property(fc.constantFrom(...lines), fc.nat(200), odd, (line, at, insert) => {
        const position = at % (line.length + 1);
        const hostile = line.slice(0, position) + insert + line.slice(position);
        let rule: Rule;
        try {
          rule = parse(hostile);
        } catch (error) {
          expect(error).toBeInstanceOf(RuleError);
          return;
        }
        // What did get through is a rule like any other: one line that is read as the same words.
        const text = ruleText(rule);
        expect(text).toMatch(/^[\x20-\x7e]+$/);
        expect(rule.words.join('')).not.toMatch(/["'\\]/);
        expect(parse(text)).toEqual(rule);
        const targets = rule.words.filter((word) => ['-j', '--jump', '-g', '--goto'].includes(word));
        expect(targets.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 1000 },
    );
  });

  it('is refused by a reason and never by a defect', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...lines.join(' ').split(' ')), fc.string())),
        (words) => {
          try {
            parse(`INPUT ${words.join(' ')}`);
          } catch (error) {
            expect(error).toBeInstanceOf(RuleError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
