import { isIP } from 'node:net';
import { parseHost } from '../net/host.ts';
import { cidrOf, parseIpv4 } from '../net/ipv4.ts';
import { RuleError } from './grammar/rule-error.ts';
import { checkEntry } from './grammar/set-entry.ts';
import type { SetType } from './model.ts';

/** An entry in the engine's own words, or a host name that has to be looked up, with what follows it. */
export type ReadEntry =
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'name'; readonly host: string; readonly suffix: string }
  | { readonly kind: 'invalid'; readonly why: string };

/** Reads an entry as operators write it, after its variables were put in. */
export function readEntry(type: SetType, text: string, isMember: (name: string) => boolean): ReadEntry {
  if (type === 'net' && isHostName(text)) return { kind: 'name', host: text, suffix: '' };
  const word = type === 'service' ? serviceWord(text) : type === 'port' ? text.replace(':', '-') : text;
  const [host = '', service] = type === 'service' ? word.split(',') : [];
  if (service !== undefined && isHostName(host)) {
    const checked = wordOf(type, `192.0.2.1,${service}`, isMember);
    return checked.kind === 'word' ? { kind: 'name', host, suffix: `,${service}` } : checked;
  }
  const meant = type === 'net' ? withoutHostBits(text) : null;
  if (meant) return { kind: 'invalid', why: `${text} has host bits set; did you mean ${meant}?` };
  return wordOf(type, word, isMember);
}

function wordOf(type: SetType, word: string, isMember: (name: string) => boolean): ReadEntry {
  try {
    return { kind: 'word', word: checkEntry(type, word, isMember).entry };
  } catch (error) {
    if (error instanceof RuleError) return { kind: 'invalid', why: error.message };
    throw error;
  }
}

/** A mistyped address is no name: a name has a letter in its last part. */
function isHostName(text: string): boolean {
  return !text.includes('/') && isIP(text) === 0 && parseHost(text).kind === 'name';
}

/** `10.0.0.1,443` means TCP. */
function serviceWord(text: string): string {
  const [host, service, ...rest] = text.split(',');
  if (service === undefined || rest.length > 0) return text;
  return `${host},${/^\d/.test(service) ? `tcp:${service}` : service.toLowerCase()}`;
}

function withoutHostBits(text: string): string | null {
  const [address = '', length = ''] = text.split('/');
  const v4 = parseIpv4(address);
  if (!v4 || !/^([1-9]|[12]\d|3[0-2])$/.test(length)) return null;
  const network = cidrOf(v4, Number(length));
  return network === text ? null : network;
}
