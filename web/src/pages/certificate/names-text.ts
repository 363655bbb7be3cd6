import type { ConsoleHosts } from '../../api/access.ts';

/** Names one a line, or however somebody separates them; as the controller keeps them, each once. */
export function parseNames(text: string): string[] {
  const names = text.split(/[\s,;]+/).map((name) => name.toLowerCase().replace(/\.$/, ''));
  return [...new Set(names.filter((name) => name !== ''))];
}

export const namesText = (names: readonly string[]): string => names.join('\n');

/** Whether this browser is here under a name that these would no longer allow: its next request would be refused. */
export function locksOut(here: string, { hosts, built_in }: ConsoleHosts, names: readonly string[]): boolean {
  return hosts.includes(here) && !built_in.includes(here) && !names.includes(here);
}
