import { isTable, type Table } from './grammar/names.ts';

/** Subgroups of the v1 API are subtables whose name says from where they are reached. */
const SUBGROUPS: Readonly<Record<string, Table>> = {
  PRE_C_: 'PREROUTING',
  INP_C_: 'INPUT',
  FWD_C_: 'FORWARD',
  OUT_C_: 'OUTPUT',
  PST_C_: 'POSTROUTING',
};

export const chainOf = (text: string): string => text.split(/\s/, 1)[0]!;

/**
 * A rule as the v1 API shows it: its clients know no other chains than their own, and one of them copies rules into
 * JSON text without escaping them, so words with spaces stand in single quotes.
 */
export function v1Text(text: string): string {
  const chain = chainOf(text);
  const quoted = text.replaceAll('"', "'");
  return isTable(chain) ? `${chain}_CUST${quoted.slice(chain.length)}` : quoted;
}

/** Two texts with the same key are the same rule: white space and the API that wrote it make no difference. */
export function ruleKey(text: string): string {
  return v1Text(text.trim()).replace(/\s+/g, ' ');
}

/** The table of a v1 subgroup, by its name. */
export function subgroupTable(name: string): Table | null {
  const prefix = Object.keys(SUBGROUPS).find((each) => name.startsWith(each) && name.length > each.length);
  return prefix ? SUBGROUPS[prefix]! : null;
}

export const SUBGROUP_PREFIXES: readonly string[] = Object.keys(SUBGROUPS);

export interface RuleLine {
  readonly text: string;
  readonly comment: string;
}

/** Rules of a text, one a line. A line that begins with `#` is the comment of the rule below it. */
export function ruleLines(text: string): RuleLine[] {
  const lines: RuleLine[] = [];
  let comment: string[] = [];
  for (const line of text.split(/\r?\n/).map((each) => each.trim())) {
    if (line.startsWith('#')) comment.push(line.slice(1).trim());
    else if (line === '') comment = [];
    else {
      lines.push({ text: line, comment: comment.filter(Boolean).join(' ') });
      comment = [];
    }
  }
  return lines;
}
