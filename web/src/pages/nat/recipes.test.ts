import { describe, expect, it } from 'vitest';
import { parseRule } from '../../../../src/firewall/grammar/rule.ts';
import { RECIPES } from './recipes.ts';

const scope = { hasSet: () => false, hasSubtable: () => false };
const filled = (fields: readonly { name: string; placeholder: string; optional?: boolean }[], all: boolean) =>
  Object.fromEntries(
    fields
      .filter(({ optional }) => all || !optional)
      .map(({ name, placeholder }) => [name, name === 'size' ? '1300' : placeholder]),
  );

describe.each(RECIPES)('$title', ({ fields, rules }) => {
  it.each([true, false])('writes rules that the grammar takes, with optional fields: %s', (all) => {
    for (const rule of rules(filled(fields, all))) expect(() => parseRule(rule, scope)).not.toThrow();
  });
});

it('writes what an operator would', () => {
  const [masquerade, source, forward, mss] = RECIPES;
  expect(masquerade!.rules({ source: '10.0.0.0/8', out: 'eth0' })).toEqual([
    'POSTROUTING -s 10.0.0.0/8 -o eth0 -j MASQUERADE',
  ]);
  expect(source!.rules({ source: '10.0.0.0/8', to: '203.0.113.7' })).toEqual([
    'POSTROUTING -s 10.0.0.0/8 -j SNAT --to-source 203.0.113.7',
  ]);
  expect(
    forward!.rules({ in: 'eth0', protocol: 'tcp', port: '80', host: '10.0.0.1', hostPort: '8080' }),
  ).toEqual([
    'PREROUTING -i eth0 -p tcp --dport 80 -j DNAT --to-destination 10.0.0.1:8080',
    'FORWARD -i eth0 -p tcp -d 10.0.0.1 --dport 8080 -j ACCEPT',
  ]);
  expect(
    forward!.rules({ in: 'eth0', protocol: 'tcp', port: '80', host: '2001:db8::1', hostPort: '8080' })[0],
  ).toBe('PREROUTING -i eth0 -p tcp --dport 80 -j DNAT --to-destination [2001:db8::1]:8080');
  expect(mss!.rules({ out: 'eth1' })).toEqual([
    'FORWARD -o eth1 -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu',
  ]);
});
