import { invalid, MeshwrightError } from '../errors/catalogue.ts';
import { printable } from '../errors/printable.ts';
import { type Ipv4, parseIpv4 } from '../net/ipv4.ts';

declare const tagKeyBrand: unique symbol;
declare const tagValueBrand: unique symbol;
/** The key of a tag: letters, digits, `-` and `_`. */
export type TagKey = string & { readonly [tagKeyBrand]: true };
/** The value of a tag: one line of text. */
export type TagValue = string & { readonly [tagValueBrand]: true };

export const MAX_TAGS = 50;
const TAG_KEY = /^[A-Za-z0-9_-]{1,64}$/;
const MAX_VALUE = 256;
/** Control characters, and the two separators that end a line for some readers. */
const BREAKS_A_LINE = /[\p{Cc}\u2028\u2029]/u;

/** A pack is named after its overlay address, in a form that file names can have: `100_127_255_193`. */
export function packName(address: Ipv4): string {
  return address.replaceAll('.', '_');
}

export function parsePackName(text: string): Ipv4 | null {
  return text.includes('.') ? null : parseIpv4(text.replaceAll('_', '.'));
}

export function parseTagKey(value: unknown): TagKey {
  const refuse = (why: string) =>
    new MeshwrightError('TAG_KEY_INVALID', { field: 'key', key: printable(value), rule: why });
  if (typeof value !== 'string' || !TAG_KEY.test(value))
    throw refuse('letters, digits, - and _, at most 64 of them');
  // A published client takes every answer that holds an object with this first key for a failure.
  if (value === 'error') throw refuse('clients of the API would read it as a failure');
  return value as TagKey;
}

export function parseTagValue(value: unknown): TagValue {
  if (typeof value !== 'string') throw invalid('value', 'must be text');
  if (value.length > MAX_VALUE) throw invalid('value', `must have at most ${MAX_VALUE} characters`);
  if (BREAKS_A_LINE.test(value)) throw invalid('value', 'must be one line without control characters');
  return value as TagValue;
}
