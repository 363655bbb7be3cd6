import { lookup as systemLookup } from 'node:dns';
import { readFileSync, statSync } from 'node:fs';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { paths } from '../paths.ts';
import { ipBytes } from './ip-bytes.ts';

type Refused = readonly [network: string, length: number, what: string];

/** Where nothing is that an operator could mean, and much that he did not: this machine, and its cloud's secrets. */
const REFUSED4: readonly Refused[] = [
  ['0.0.0.0', 8, 'this machine'],
  ['127.0.0.0', 8, 'a loopback address, this machine itself'],
  ['169.254.0.0', 16, 'a link-local address, where clouds keep credentials'],
  ['168.63.129.16', 32, "a cloud's own service"],
  ['100.100.100.200', 32, "a cloud's own service"],
  ['192.0.0.0', 24, "a cloud's own service or a protocol's"],
  ['224.0.0.0', 4, 'a multicast address'],
  ['240.0.0.0', 4, 'a reserved or broadcast address'],
];
const REFUSED6: readonly Refused[] = [
  ['::', 96, 'this machine'],
  ['fe80::', 10, 'a link-local address'],
  ['fec0::', 10, 'a site-local address'],
  ['ff00::', 8, 'a multicast address'],
  ['fd00:ec2::', 32, "a cloud's own service"],
  ['fd20:ce::', 32, "a cloud's own service"],
  ['2001::', 32, 'an address of a tunnel over IPv4'],
];
/** IPv6 forms in which an IPv4 address travels, and the byte at which it begins. */
const EMBEDDED: readonly (readonly [network: string, length: number, at: number])[] = [
  ['::ffff:0:0', 96, 12],
  ['::ffff:0:0:0', 96, 12],
  ['64:ff9b::', 96, 12],
  ['64:ff9b:1::', 48, 12],
  ['2002::', 16, 2],
];

/** An address that this controller does not dial, and why. */
export class DialRefused extends Error {
  readonly code = 'EDIALREFUSED';

  constructor(address: string, what: string) {
    super(`${address} is ${what}; ${paths.dialAllow} can allow it`);
    this.name = 'DialRefused';
  }
}

/**
 * Keeps this controller from being sent where it should not go: whoever may type a peer's address, a source or an
 * issuer would otherwise reach services of this machine and its cloud with it. Names are checked by what they resolve
 * to at the moment of the connection, so an answer that changes between check and use gains nothing.
 */
export class DialGuard {
  readonly #allowed: BlockList;

  constructor(allowed: readonly string[] = []) {
    this.#allowed = new BlockList();
    for (const network of allowed) {
      const [address = '', length] = network.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      this.#allowed.addSubnet(address, Number(length ?? (family === 'ipv6' ? 128 : 32)), family);
    }
  }

  /** Why an address is refused; null when it may be dialled. Names are none: see `lookup`. */
  refusal(address: string): string | null {
    const family = isIP(address);
    if (family === 0) return null;
    // A zone only makes sense with addresses that are refused.
    const bare = address.split('%')[0]!;
    if (this.#allowed.check(bare, family === 6 ? 'ipv6' : 'ipv4')) return null;
    if (family === 4) return matching(REFUSED4, bare);
    for (const [network, length, at] of EMBEDDED) {
      if (!isIn(network, length, bare)) continue;
      return this.refusal([...ipBytes(bare).subarray(at, at + 4)].join('.'));
    }
    return matching(REFUSED6, bare);
  }

  /** Throws for an address that is refused. To be called for what is dialled by address, which nobody looks up. */
  check(address: string): void {
    const what = this.refusal(address);
    if (what !== null) throw new DialRefused(address, what);
  }

  /** For `net.connect` and everything above it: what it gives back is what is dialled. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    systemLookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '');
      const good = addresses.filter(({ address }) => this.refusal(address) === null);
      const [first] = good;
      if (!first) {
        const bad = addresses[0]?.address ?? hostname;
        return callback(new DialRefused(`${hostname} (${bad})`, this.refusal(bad) ?? 'nowhere'), '');
      }
      if (options.all) callback(null, good);
      else callback(null, first.address, first.family);
    });
  };
}

/** The guard of this machine. Read once: what may be dialled changes with a restart. */
let guard: DialGuard | null = null;
export function dialGuard(): DialGuard {
  guard ??= new DialGuard(allowedNetworks(paths.dialAllow));
  return guard;
}

/** One network a line. The file counts only when nobody but root can have written it. */
export function allowedNetworks(file: string): string[] {
  let text: string;
  try {
    const { uid, mode } = statSync(file);
    if (uid !== 0 || (mode & 0o022) !== 0) {
      console.error(`${file} is not used: it must belong to root, and nobody else may write it`);
      return [];
    }
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  const lines = text.split('\n').map((line) => line.replace(/#.*/, '').trim());
  return lines.filter((line) => {
    const [address = '', length] = line.split('/');
    const bits = isIP(address) === 6 ? 128 : 32;
    const fits = length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= bits);
    if (line !== '' && (isIP(address) === 0 || !fits)) console.error(`${file}: "${line}" is not a network`);
    return line !== '' && isIP(address) !== 0 && fits;
  });
}

function matching(networks: readonly Refused[], address: string): string | null {
  return networks.find(([network, length]) => isIn(network, length, address))?.[2] ?? null;
}

function isIn(network: string, length: number, address: string): boolean {
  const [one, other] = [ipBytes(network), ipBytes(address)];
  const whole = length >> 3;
  if (one.length !== other.length || !one.subarray(0, whole).equals(other.subarray(0, whole))) return false;
  const rest = length & 7;
  return rest === 0 || one[whole]! >> (8 - rest) === other[whole]! >> (8 - rest);
}
