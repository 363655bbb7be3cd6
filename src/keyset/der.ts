/**
 * A writer for the few ASN.1 types that a certificate is made of. It only writes: everything is read back by
 * OpenSSL. Building a certificate with a general ASN.1 library took 2 ms each, which for a topology with a thousand
 * clients is more than all of its cryptography.
 */
function tlv(tag: number, content: Uint8Array): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const bytes = length < 0x100 ? [length] : [length >>> 8, length & 0xff];
  if (length > 0xffff) throw new RangeError(`${length} bytes are too long for a certificate`);
  return Buffer.concat([Buffer.from([tag, 0x80 | bytes.length, ...bytes]), content]);
}

export const sequence = (...items: Uint8Array[]) => tlv(0x30, Buffer.concat(items));
export const set = (...items: Uint8Array[]) => tlv(0x31, Buffer.concat(items));
export const boolean = (value: boolean) => tlv(0x01, Buffer.from([value ? 0xff : 0]));
export const octets = (content: Uint8Array) => tlv(0x04, content);
export const utf8 = (text: string) => tlv(0x0c, Buffer.from(text));
/** `[n]` around a complete value. */
export const explicit = (n: number, content: Uint8Array) => tlv(0xa0 | n, content);
/** `[n]` in place of the tag of a primitive value. */
export const implicit = (n: number, content: Uint8Array) => tlv(0x80 | n, content);

/** A non-negative integer of big-endian bytes. */
export function integer(bytes: Uint8Array): Buffer {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const trimmed = bytes.subarray(start);
  return tlv(0x02, trimmed[0]! & 0x80 ? Buffer.concat([Buffer.from([0]), trimmed]) : trimmed);
}

/** `unused` counts the bits at the end that do not belong to the string. */
export const bits = (content: Uint8Array, unused = 0) =>
  tlv(0x03, Buffer.concat([Buffer.from([unused]), content]));

export function oid(dotted: string): Buffer {
  const [first, second, ...rest] = dotted.split('.').map(Number) as [number, number, ...number[]];
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const septets = [arc & 0x7f];
    for (let value = Math.floor(arc / 128); value > 0; value = Math.floor(value / 128))
      septets.unshift(0x80 | (value & 0x7f));
    bytes.push(...septets);
  }
  return tlv(0x06, Buffer.from(bytes));
}

/** Two-digit years up to 2049 and four-digit ones after, as RFC 5280 demands. */
export function time(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return date.getUTCFullYear() < 2050
    ? tlv(0x17, Buffer.from(digits.slice(2)))
    : tlv(0x18, Buffer.from(digits));
}
