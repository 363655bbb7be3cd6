import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MATCHES } from '../../src/firewall/grammar/matches.ts';
import { TARGETS } from '../../src/firewall/grammar/targets.ts';

const page = readFileSync(new URL('../../docs/firewall.md', import.meta.url), 'utf8');
const section = page.slice(page.indexOf('## What a rule may say'));
/** Names in the first column of the table that begins with this head. */
function named(head: string): string[] {
  const rows = section.slice(section.indexOf(head)).split('\n\n')[0]!.split('\n').slice(2);
  return rows
    .flatMap((row) => [...row.split('|')[1]!.matchAll(/`([^`]+)`/g)].map((match) => match[1]!))
    .sort();
}

describe('the page about the firewall', () => {
  it('names every match, and no other', () => {
    expect(named('| matches')).toEqual(Object.keys(MATCHES).sort());
  });

  it('names every target with the tables that it is for', () => {
    expect(named('| targets')).toEqual(Object.keys(TARGETS).sort());
    for (const [name, { tables }] of Object.entries(TARGETS)) {
      const row = section
        .split('\n')
        .find((line) => line.startsWith('|') && line.split('|')[1]!.includes(`\`${name}\``))!;
      const said = row.split('|')[2]!;
      if (said.includes('all')) expect(tables, name).toHaveLength(5);
      else expect(said.trim().split(', ').sort(), name).toEqual([...tables].sort());
    }
  });
});
