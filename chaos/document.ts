import { readFileSync, writeFileSync } from 'node:fs';
import { root } from '../src/programs.ts';
import { markdownTable } from './report.ts';
import { type Report, truthOf } from './result.ts';

const PAGE = `${root}/docs/reliability.md`;
const BEGIN = '<!-- chaos: begin -->';
const END = '<!-- chaos: end -->';

/** Puts what a run has shown between the marks of the page; the rest of the page is written by hand. */
export function document(report: Report): void {
  const page = readFileSync(PAGE, 'utf8');
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${PAGE} has lost its marks`);
  writeFileSync(
    PAGE,
    `${page.slice(0, from + BEGIN.length)}\n${section(report).join('\n')}\n${page.slice(to)}`,
  );
}

function section({ date, machine, command, seed, results }: Report): string[] {
  const broken = results.filter(({ failures }) => failures.length > 0);
  const share = (truthOf(results) * 100).toFixed(3);
  return [
    `**${date}**, ${machine}. Seed ${seed}; \`${command}\`. ${results.length} cases, truth score ${share} %.`,
    '',
    ...markdownTable(results),
    '',
    ...(broken.length === 0 ? ['No invariant failed.'] : ['What failed:', '', ...broken.flatMap(failure)]),
  ];
}

function failure({ size, index, fault, targets, failures }: Report['results'][number]): string[] {
  const head = `${size} controllers, case ${index}, \`${fault}\` ${targets}`;
  return failures.map(({ invariant, facts }) => {
    const more = facts.length > 1 ? ` (and ${facts.length - 1} more)` : '';
    return `- ${head}: ${invariant}: ${facts[0]}${more}`;
  });
}
