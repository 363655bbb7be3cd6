import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DesiredFirewall } from '../../../src/desired/firewall.ts';
import { Refused } from '../../support/applier.ts';
import { C1, firewall, firewallLab, idOf, inOne, SITE1, set, unstamped } from '../../support/firewall-lab.ts';
import { knock } from '../../support/knock.ts';
import { until } from '../../support/until.ts';

const { lab, one } = firewallLab();

const FAMILIES = [
  ['iptables-nft', '9.9.9.9'],
  ['ip6tables-nft', '2001:db8::9'],
] as const;
/** A file that no rule may make, and one that none may read. */
const MADE = '/run/meshwright-applier/made-by-a-rule';
const READ = '/etc/hostname';

/** The rules of somebody else on the same machine, in everything that we use as well. */
/** `iptables-save` without the time of day, what was counted, and our own chains and jumps. */
const withoutOurs = (text: string) =>
  unstamped(text)
    .split('\n')
    .filter((line) => !line.includes('MW-'))
    .join('\n');
const theirs = async () => [
  withoutOurs(await inOne('iptables-nft-save')),
  withoutOurs(await inOne('ip6tables-nft-save')),
  await inOne('nft', 'list', 'table', 'inet', 'theirs'),
  await inOne('ipset', 'list', 'theirs'),
];
const everything = async () =>
  [await inOne('nft', '-s', 'list', 'ruleset'), await inOne('ipset', 'list')].join('\n');

describe('what is not ours', () => {
  beforeAll(async () => {
    for (const [program, address] of FAMILIES) {
      await inOne(program, '-N', 'theirs');
      await inOne(program, '-A', 'INPUT', '-s', address, '-j', 'theirs');
      await inOne(program, '-A', 'theirs', '-p', 'tcp', '--dport', '9005', '-j', 'DROP');
      await inOne(program, '-t', 'nat', '-A', 'POSTROUTING', '-s', address, '-j', 'ACCEPT');
      await inOne(program, '-t', 'mangle', '-A', 'FORWARD', '-s', address, '-j', 'MARK', '--set-mark', '7');
    }
    await inOne(
      'nft',
      'add table inet theirs; add chain inet theirs c { type filter hook input priority 5; }',
    );
    await inOne('nft', 'add rule inet theirs c ip6 saddr 2001:db8::9 drop');
    await inOne('ipset', 'create', 'theirs', 'hash:net');
    await inOne('ipset', 'add', 'theirs', '9.9.9.0/24');
  });
  afterAll(async () => {
    for (const [program, address] of FAMILIES) {
      await inOne(program, '-D', 'INPUT', '-s', address, '-j', 'theirs');
      await inOne(program, '-F', 'theirs');
      await inOne(program, '-X', 'theirs');
      await inOne(program, '-t', 'nat', '-D', 'POSTROUTING', '-s', address, '-j', 'ACCEPT');
      await inOne(program, '-t', 'mangle', '-D', 'FORWARD', '-s', address, '-j', 'MARK', '--set-mark', '7');
    }
    await inOne('nft', 'delete table inet theirs');
    await inOne('ipset', 'destroy', 'theirs');
  });

  describe('rules of somebody else', () => {
    it('stay as they are to the byte, whatever happens to ours', async () => {
      const before = await theirs();
      const rules = [
        'INPUT -s 10.0.0.1 -j DROP',
        'INPUT -s 2001:db8::1 -j DROP',
        'FORWARD -j MARK --set-xmark 0x10000/0xff0000',
        'POSTROUTING -j MASQUERADE',
        'INPUT -m set --match-set theirs2 src -j sub',
        'sub -j DROP',
      ];
      const sets = [set('theirs2', 'net', '10.0.0.2', '2001:db8::2')];
      await one.apply(firewall(rules, { sets, subtables: ['sub'] }));
      expect(await theirs()).toEqual(before);
      await expect(
        one.apply(
          firewall([...rules, 'INPUT -p udp -j REJECT --reject-with tcp-reset'], {
            sets,
            subtables: ['sub'],
          }),
        ),
      ).rejects.toThrow();
      expect(await theirs()).toEqual(before);
      lab.kill(1, 'applier');
      await until('the applier is back', () => one.watch().then(() => true), { within: 20 });
      expect(await theirs()).toEqual(before);
      await one.apply(firewall([]));
      expect(await theirs()).toEqual(before);
      for (const save of ['iptables-nft-save', 'ip6tables-nft-save'])
        expect(await inOne(save)).not.toContain('MW-');
    });

    it('may have names that ours have too', async () => {
      const before = await theirs();
      const sets = [set('theirs', 'net', '10.201.1.0/24')];
      const rules = ['INPUT -p tcp --dport 9000 -m set --match-set theirs src -j theirs', 'theirs -j DROP'];
      await one.apply(firewall(rules, { sets, subtables: ['theirs'] }));
      expect(await theirs()).toEqual(before);
      expect(await knock(SITE1, 'tcp', C1.site, 9000)).toBe('silent');
      expect(await knock(SITE1, 'tcp', C1.site, 9001)).toBe('open 10.201.1.10');
    });
  });

  /** Each with what is wrong with it. The applier is asked directly: what stands before it may have been broken into. */
  const REFUSED: readonly (readonly [what: string, words: readonly string[], why: string])[] = [
    [
      'another set',
      ['INPUT', '-m', 'set', '--match-set', 'theirs', 'src', '-j', 'DROP'],
      'not a set of this firewall',
    ],
    [
      'a set by its name in the engine',
      ['INPUT', '-m', 'set', '--match-set', 'MWn4-a', 'src', '-j', 'DROP'],
      'not a set of this firewall',
    ],
    ['a set of its own changed by packets', ['INPUT', '-j', 'SET', '--add-set', 'a', 'src'], '"SET"'],
    ['another chain', ['INPUT', '-j', 'theirs'], 'nor a subtable'],
    ['one of our own chains', ['INPUT', '-j', 'MW-ACCEPT'], 'nor a subtable'],
    ['the chain of another table', ['INPUT', '-g', 'FORWARD'], 'nor a subtable'],
    ['a second chain', ['INPUT', '-j', 'DROP', '-A', 'theirs'], '"-A"'],
    ['another table', ['INPUT', '-t', 'nat', '-j', 'DROP'], '"-t"'],
    ['a command to the engine', ['INPUT', '-F', 'theirs'], '"-F"'],
    ['a program for modules', ['INPUT', '--modprobe', '/bin/sh', '-j', 'DROP'], '"--modprobe"'],
    ['a program that decides', ['INPUT', '-j', 'NFQUEUE', '--queue-num', '0'], '"NFQUEUE"'],
    ['a pinned program', ['INPUT', '-m', 'bpf', '--object-pinned', READ, '-j', 'DROP'], '"bpf"'],
    ['a file of addresses', ['INPUT', '-s', `@${READ}`, '-j', 'DROP'], READ],
    ['a file of fingerprints', ['INPUT', '-p', 'tcp', '-m', 'osf', '--genre', READ, '-j', 'DROP'], '"osf"'],
    ['a module by its path', ['INPUT', '-m', '../../../tmp/evil', '-j', 'DROP'], '../../../tmp/evil'],
    [
      'a list that is kept in a file',
      ['INPUT', '-m', 'recent', '--name', '../x', '--set', '-j', 'DROP'],
      '"recent"',
    ],
    [
      'a name in a path',
      [
        'INPUT',
        '-p',
        'tcp',
        '-m',
        'hashlimit',
        '--hashlimit-upto',
        '1/sec',
        '--hashlimit-name',
        '../x',
        '-j',
        'DROP',
      ],
      '../x',
    ],
    ['a copy sent away', ['INPUT', '-j', 'TEE', '--gateway', '10.0.0.1'], '"TEE"'],
    ['the mark of tunnels', ['OUTPUT', '-j', 'MARK', '--set-xmark', '0x6d77/0xffff'], 'within 0x00ff0000'],
    ['a second line', ['INPUT', '-m', 'comment', '--comment', 'x\nCOMMIT\n*nat', '-j', 'DROP'], 'refused'],
    [
      'the end of its quotes',
      ['INPUT', '-m', 'comment', '--comment', 'x" -A theirs -j ACCEPT "', '-j', 'DROP'],
      'quote',
    ],
    ['a shell', ['INPUT', '-i', `$(touch ${MADE})`, '-j', 'DROP'], '$(touch'],
    ['a table of its own', ['theirs', '-j', 'DROP'], 'is no table'],
  ];
  const REFUSED_SETS: readonly (readonly [what: string, sets: DesiredFirewall['sets'], why: string])[] = [
    ['another set as a member', [set('l', 'list', 'theirs')], 'theirs'],
    ['a file of entries', [set('a', 'net', `@${READ}`)], READ],
    ['a second command', [set('a', 'net', '10.0.0.1\ndestroy theirs')], 'refused'],
    ['an option of the engine', [set('a', 'net', '10.0.0.1 -file /etc/passwd')], '-file'],
    ['a name of two words', [set('a theirs', 'net', '10.0.0.1')], 'refused'],
  ];

  describe('a firewall that reaches for what is not its own', () => {
    const refusal = async (document: DesiredFirewall): Promise<Refused> => {
      const error = await one.apply(document).then(
        () => null,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(Refused);
      return error as Refused;
    };
    const good = firewall(['INPUT -p tcp --dport 9000 -j DROP'], { sets: [set('a', 'net', '10.0.0.1')] });

    it.each(REFUSED)('is refused: %s', async (_, [table = '', ...words], why) => {
      await one.apply(good);
      const before = await everything();
      const rules = [...good.rules, { id: idOf(1), table, words }];
      const { message, problems } = await refusal({ ...good, rules });
      expect([message, ...problems.map((problem) => problem.message)].join('\n')).toContain(why);
      if (!message.startsWith('request refused')) expect(problems[0]?.rule).toBe(idOf(1));
      expect(await everything()).toBe(before);
    });

    it.each(REFUSED_SETS)('is refused in its sets: %s', async (_, sets, why) => {
      await one.apply(good);
      const before = await everything();
      const { message, problems } = await refusal({ ...good, sets });
      expect([message, ...problems.map((problem) => problem.message)].join('\n')).toContain(why);
      expect(await everything()).toBe(before);
    });

    it('leaves no trace on the machine', async () => {
      expect(await lab.exec(1, ['test', '-e', MADE])).toMatchObject({ code: 1 });
      await one.apply(good);
      expect(await knock(SITE1, 'tcp', C1.site, 9000)).toBe('silent');
    });
  });
});
