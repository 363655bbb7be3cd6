import { parseIpv4, toInt } from '../../net/ipv4.ts';
import { isIpv6, parseIpv6 } from '../../net/ipv6.ts';

/** Address family that a word binds a rule to; `both` binds it to none. */
export type Family = 'v4' | 'v6' | 'both';

/** One kind of value: what it is in words, and the family of a word that is one; null for a word that is not. */
export interface Value {
  readonly what: string;
  readonly check: (word: string) => Family | null;
}

const value = (what: string, check: (word: string) => Family | null): Value => ({ what, check });
const matching = (what: string, pattern: RegExp): Value =>
  value(what, (word) => (pattern.test(word) ? 'both' : null));

const isNumber = (word: string, least: number, most: number): boolean =>
  /^(0|[1-9]\d{0,9})$/.test(word) && Number(word) >= least && Number(word) <= most;

export const number = (least: number, most: number): Value =>
  value(`a number from ${least} to ${most}`, (word) => (isNumber(word, least, most) ? 'both' : null));

/** `a` or `a:b`, in order. */
const isRange = (word: string, separator: string, most: number): boolean => {
  const ends = word.split(separator);
  if (ends.length > 2 || !ends.every((end) => isNumber(end, 0, most))) return false;
  return ends.length === 1 || Number(ends[0]) <= Number(ends[1]);
};
export const numberRange = (most: number): Value =>
  value(`a number or a range a:b up to ${most}`, (word) => (isRange(word, ':', most) ? 'both' : null));

export const port: Value = value('a port or a range of ports, like 443 or 8000:8010', (word) =>
  isRange(word, ':', 65535) ? 'both' : null,
);
/** The engine takes 15 ports; a range counts twice. */
export const portList: Value = value(
  'up to 15 ports, like 80,443,8000:8010 (a range counts as two)',
  (word) => {
    const parts = word.split(',');
    const size = parts.reduce((sum, part) => sum + part.split(':').length, 0);
    return size <= 15 && parts.every((part) => isRange(part, ':', 65535)) ? 'both' : null;
  },
);
/** The ports that translation may use. */
export const natPorts: Value = value('a port or a range, like 443 or 8000-8010', (word) =>
  isRange(word, '-', 65535) && !/^0(-|$)/.test(word) ? 'both' : null,
);

/** Family of an IP address; null when it is none. */
export function addressFamily(word: string): 'v4' | 'v6' | null {
  return parseIpv4(word) ? 'v4' : isIpv6(word) ? 'v6' : null;
}

/** Address with an optional prefix length or, for IPv4, netmask. Host bits are allowed: the engine drops them. */
export function networkFamily(word: string): 'v4' | 'v6' | null {
  const [address = '', mask, ...rest] = word.split('/');
  const family = addressFamily(address);
  if (!family || rest.length > 0) return null;
  if (mask === undefined || isNumber(mask, 0, family === 'v4' ? 32 : 128)) return family;
  const netmask = family === 'v4' ? parseIpv4(mask) : null;
  if (!netmask) return null;
  const holes = ~toInt(netmask) >>> 0;
  return (holes & (holes + 1)) === 0 ? family : null;
}

export const address: Value = value('an IP address', addressFamily);
export const network: Value = value('an IP address or network', networkFamily);
export const networkList: Value = value('an IP address or network, or a list of them with commas', (word) => {
  const families = new Set(word.split(',').map(networkFamily));
  const [only] = families;
  return families.size === 1 ? (only ?? null) : null;
});

/** `a-b` of one family, in order. */
export function rangeFamily(word: string): 'v4' | 'v6' | null {
  const [from = '', to = '', ...rest] = word.split('-');
  const family = addressFamily(from);
  if (!family || rest.length > 0 || addressFamily(to) !== family) return null;
  const order =
    family === 'v4' ? toInt(parseIpv4(from)!) <= toInt(parseIpv4(to)!) : sortKey(from) <= sortKey(to);
  return order ? family : null;
}
const sortKey = (text: string): string =>
  parseIpv6(text)!
    .map((group) => group.toString(16).padStart(4, '0'))
    .join('');

export const addressRange: Value = value('a range of addresses, like 10.0.0.1-10.0.0.9', rangeFamily);

/**
 * Where translation sends a packet: `10.0.0.1`, `10.0.0.1-10.0.0.9:80-90`, `2001:db8::1`, `[2001:db8::1]:80`. Without
 * brackets nobody could tell a port from the end of an IPv6 address, so there it is all address.
 */
export const natAddress: Value = value(
  'an address or range with optional ports, like 10.0.0.1:8080 or [2001:db8::1]:8080',
  (word) => {
    const bare = hostFamily(word);
    if (bare) return bare;
    const [, brackets, host = brackets, ports = ''] =
      /^(?:\[([^\]]+)\]|([^:[]*))(?::(.+))?$/.exec(word) ?? [];
    if (host === undefined || (ports !== '' && !natPorts.check(ports))) return null;
    if (host === '') return ports === '' ? null : 'both';
    const family = hostFamily(host);
    return family === (brackets === undefined ? 'v4' : 'v6') ? family : null;
  },
);

const hostFamily = (word: string): 'v4' | 'v6' | null => addressFamily(word) ?? rangeFamily(word);

/** As the kernel has them: at most 15 characters; `+` at the end stands for any rest. */
export const interfaceName: Value = matching(
  'the name of an interface, like eth0 or eth+',
  /^(?=.{1,15}$)[A-Za-z0-9][A-Za-z0-9._-]*\+?$/,
);

export const protocol: Value = value(
  'a protocol: tcp, udp, icmp, icmpv6, sctp, gre, esp, ah, all or a number',
  (word) => {
    if (word === 'icmp' || word === '1') return 'v4';
    if (['icmpv6', 'ipv6-icmp', '58'].includes(word)) return 'v6';
    if (['tcp', 'udp', 'udplite', 'sctp', 'dccp', 'gre', 'esp', 'ah', 'ipip', 'all'].includes(word))
      return 'both';
    return isNumber(word, 0, 255) ? 'both' : null;
  },
);

export const oneOf = (...words: readonly string[]): Value =>
  value(`one of ${words.join(', ')}`, (word) => (words.includes(word) ? 'both' : null));
export const listOf = (...words: readonly string[]): Value =>
  value(`a list of ${words.join(', ')}`, (word) => {
    const parts = word.split(',');
    return parts.length <= words.length && parts.every((part) => words.includes(part)) ? 'both' : null;
  });

/** Free text for people. It has passed `checkedWord`, so it cannot end its quotes; nor does it look like an option. */
export const text = (most: number): Value =>
  value(`a text of at most ${most} characters that begins with neither - nor !`, (word) =>
    word.length <= most && !/^[-! ]/.test(word) ? 'both' : null,
  );

export const rate: Value = matching(
  'a rate, like 10/second, 5/minute or 100/hour',
  /^[1-9]\d{0,5}(\/(s|sec|second|m|min|minute|h|hour|d|day))?$/,
);
export const mac: Value = matching(
  'a MAC address, like 02:00:00:00:00:01',
  /^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$/,
);
export const probability: Value = matching('a probability, like 0.25', /^(0|1|0?\.\d{1,9}|1\.0)$/);
export const clock: Value = matching('a time of day, like 08:30', /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/);
export const icmpType: Value = matching(
  'an ICMP type: a name or a number, like echo-request or 3/4',
  /^([a-z][a-z-]{2,40}|\d{1,3}(\/\d{1,3})?)$/,
);

const isMark = (word: string): boolean =>
  /^(0x[0-9a-fA-F]{1,8}|(0|[1-9]\d{0,9}))$/.test(word) && Number(word) <= 0xffffffff;
export const mark: Value = value('a mark, like 0x10000 or 0x10000/0xff0000', (word) => {
  const parts = word.split('/');
  return parts.length <= 2 && parts.every(isMark) ? 'both' : null;
});

/**
 * The bits of a packet's mark that rules may write. The rest is ours: the low half tells encrypted packets from all
 * others, the top bit remembers that a rule has accepted a packet.
 */
export const USER_MARK_BITS = 0x00ff0000;
const isUserMark = (word: string): boolean => isMark(word) && (Number(word) & ~USER_MARK_BITS) === 0;
export const ownMark: Value = value('a mark within 0x00ff0000', (word) => (isUserMark(word) ? 'both' : null));
export const maskedMark: Value = value(
  'a mark with a mask, both within 0x00ff0000, like 0x10000/0xff0000',
  (word) => {
    const parts = word.split('/');
    return parts.length === 2 && parts.every(isUserMark) ? 'both' : null;
  },
);
