import { readFileSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { machine } from './support.ts';

const page = fileURLToPath(new URL('./RESULTS.md', import.meta.url));

/** A page with one bench's section between two markers put in place of the last one, or added at its end. */
export function withSection(text: string, name: string, section: string): string {
  const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
  const block = `${begin}\n\n${section.trim()}\n\n${end}`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) return `${text.trimEnd()}\n\n${block}\n`;
  return text.slice(0, from) + block + text.slice(to + end.length);
}

export function writeSection(name: string, section: string): void {
  writeFileSync(page, withSection(readFileSync(page, 'utf8'), name, section));
}

/** What a reader needs to judge figures: the machine, its kernel, the programs, the day. */
export function circumstances(versions: readonly string[]): string {
  const day = new Date().toISOString().slice(0, 10);
  return `**${day}**, ${machine()}, Linux ${release()}; ${versions.join(', ')}.`;
}
