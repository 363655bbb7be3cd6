import { FIREWALL_TABLES } from '../../desired/firewall.ts';

/** Names that an operator may give. The engines' own objects carry them behind a prefix of ours (`engineName`). */
export const SUBTABLE_NAME: RegExp = /^[A-Za-z][A-Za-z0-9_-]{0,27}$/;
export const SET_NAME: RegExp = /^[A-Za-z][A-Za-z0-9_-]{0,30}$/;

/**
 * The name of one of our objects in an engine that takes `most` characters. What does not fit ends in a hash of the
 * whole name instead.
 */
export function engineName(prefix: string, name: string, most: number): string {
  const whole = `${prefix}${name}`;
  if (whole.length <= most) return whole;
  return `${whole.slice(0, most - 9)}-${fnv1a(name).toString(16).padStart(8, '0')}`;
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  return hash;
}

export type Table = (typeof FIREWALL_TABLES)[number];

/** How the v1 API calls the tables. MACRO_CUST holds rules that translate source addresses. */
const V1_TABLES: Readonly<Record<string, Table>> = {
  PREROUTING_CUST: 'PREROUTING',
  INPUT_CUST: 'INPUT',
  FORWARD_CUST: 'FORWARD',
  OUTPUT_CUST: 'OUTPUT',
  POSTROUTING_CUST: 'POSTROUTING',
  MACRO_CUST: 'POSTROUTING',
};

/** Words that a subtable cannot be called: they already mean something where a target stands. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set([
  ...FIREWALL_TABLES,
  ...Object.keys(V1_TABLES),
  ...['ACCEPT', 'DROP', 'REJECT', 'RETURN', 'LOG', 'QUEUE', 'NFQUEUE', 'NFLOG', 'MASQUERADE', 'SNAT', 'DNAT'],
  ...['REDIRECT', 'NETMAP', 'TCPMSS', 'MARK', 'CONNMARK', 'CT', 'NOTRACK', 'TRACE', 'TEE', 'TPROXY', 'SET'],
]);

export function isTable(name: string): name is Table {
  return (FIREWALL_TABLES as readonly string[]).includes(name);
}

/** The table that a rule's first word means, in the words of v1 or v2; null when it is neither. */
export function tableOf(word: string): Table | null {
  return isTable(word) ? word : Object.hasOwn(V1_TABLES, word) ? V1_TABLES[word]! : null;
}
