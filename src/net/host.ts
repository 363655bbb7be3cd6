import { isIPv6 } from 'node:net';
import { parseIpv4, toInt } from './ipv4.ts';

/** How another machine can be named: an address, or a name that is looked up at run time. */
export type Host =
  | { readonly kind: 'ipv4' | 'ipv6' | 'name'; readonly text: string; readonly why?: undefined }
  | { readonly kind: 'invalid'; readonly why: string };

const LABEL = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

const bad = (why: string): Host => ({ kind: 'invalid', why });

/**
 * Parses the text that an operator gives for another machine. Addresses that no other machine can have (unspecified,
 * loopback, multicast) are refused with the reason, and so is a mistyped address that would pass as a name.
 */
export function parseHost(input: string): Host {
  const text = input.trim();
  if (text === '') return bad('must not be empty');
  if (text.includes(':')) return parseIpv6(text);
  if (/^[\d.]+$/.test(text)) return parseDottedQuad(text);
  const labels = text.replace(/\.$/, '').split('.');
  if (text.length > 253) return bad('a host name has at most 253 characters');
  if (!labels.every((label) => LABEL.test(label))) {
    return bad(
      'must be an IPv4 address, an IPv6 address or a host name of letters, digits, hyphens and dots',
    );
  }
  // Resolvers read a last part such as 0x7f000001 as an address, too.
  if (/^(\d+|0x[0-9a-f]*)$/i.test(labels.at(-1)!))
    return bad('looks like an address but is none: a host name does not end in a number');
  return { kind: 'name', text };
}

function parseDottedQuad(text: string): Host {
  const address = parseIpv4(text);
  if (!address) return bad('is not an IPv4 address: four numbers of 0 to 255, without leading zeros');
  const first = toInt(address) >>> 24;
  if (first === 0) return bad('0.x.x.x is not the address of a machine');
  if (first === 127) return bad('a loopback address is this machine itself');
  if (first >= 224) return bad('is a multicast or reserved address');
  return { kind: 'ipv4', text };
}

function parseIpv6(text: string): Host {
  if (text.includes('%')) return bad('an IPv6 zone means nothing on another machine');
  if (!isIPv6(text)) return bad('is not an IPv6 address (and a port does not belong here)');
  // The URL parser gives the canonical compressed form.
  const canonical = new URL(`http://[${text}]`).hostname.slice(1, -1);
  if (canonical === '::1') return bad('a loopback address is this machine itself');
  if (canonical.startsWith('::ffff:')) return bad('write an IPv4 address as such');
  if (canonical.startsWith('::')) return bad('is not the address of a machine');
  if (/^fe[89ab]/.test(canonical)) return bad('a link-local IPv6 address does not reach another network');
  if (canonical.startsWith('ff')) return bad('is a multicast address');
  return { kind: 'ipv6', text };
}
