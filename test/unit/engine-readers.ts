import fc from 'fast-check';
import { type Cidr, cidrOf, fromInt, type Ipv4, parseIpv4, toInt } from '../../src/net/ipv4.ts';

/** Reads what encoders write the way in which the engines read it, and makes values for them to write. */

export interface OpenvpnText {
  /** Each directive as its words, quotes taken off. */
  readonly directives: string[][];
  /** What stands between `<tag>` and `</tag>`. */
  readonly blocks: Record<string, string>;
}

/** OpenVPN's own reading: words with or without quotes, comments from `#` or `;`, blocks in angle brackets. */
export function readOpenvpn(text: string): OpenvpnText {
  const read: OpenvpnText = { directives: [], blocks: {} };
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const tag = /^\s*<([^/>]+)>\s*$/.exec(lines[at]!)?.[1];
    if (tag !== undefined) {
      const end = lines.findIndex((line, index) => index > at && line.trim() === `</${tag}>`);
      if (end < 0 || tag in read.blocks) throw new Error(`<${tag}> does not end, or comes twice`);
      read.blocks[tag] = `${lines.slice(at + 1, end).join('\n')}\n`;
      at = end;
      continue;
    }
    const words: string[] = [];
    for (const [, quoted, bare] of lines[at]!.matchAll(/"([^"]*)"|([^\s"]+)/g)) {
      if (bare && /^[#;]/.test(bare)) break;
      words.push(quoted ?? bare!);
    }
    if (words.length > 0) read.directives.push(words);
  }
  return read;
}

/** What a client or server would do besides: names of directives with the number of their words, and of blocks. */
export function openvpnShape(text: string): string[] {
  const { directives, blocks } = readOpenvpn(text);
  return [...directives.map((words) => `${words[0]} ${words.length}`), ...Object.keys(blocks)];
}

export interface WireguardSection {
  readonly name: string;
  readonly values: Record<string, string>;
}

/** As `wg setconf` reads it: sections, one `key = value` a line, comments from `#`. */
export function readWireguard(text: string): WireguardSection[] {
  const sections: WireguardSection[] = [];
  for (const line of text.split('\n').map((each) => each.replace(/#.*/, '').trim())) {
    if (line === '') continue;
    const name = /^\[(\w+)\]$/.exec(line)?.[1];
    const [, key, value] = /^(\w+) = (.+)$/.exec(line) ?? [];
    const section = sections.at(-1);
    if (name !== undefined) sections.push({ name, values: {} });
    else if (!section || key === undefined || key in section.values) throw new Error(`odd line: ${line}`);
    else section.values[key] = value!;
  }
  return sections;
}

export const wireguardShape = (text: string): string[] =>
  readWireguard(text).map(({ name, values }) => `${name}: ${Object.keys(values)}`);

export const ipv4: fc.Arbitrary<Ipv4> = fc.nat({ max: 0xffffffff }).map(fromInt);
export const cidr: fc.Arbitrary<Cidr> = fc
  .tuple(ipv4, fc.integer({ min: 1, max: 32 }))
  .map(([address, length]) => cidrOf(address, length));
export const base64 = (bytes: number): fc.Arbitrary<string> =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((content) => Buffer.from(content).toString('base64'));
export const wireguardKey: fc.Arbitrary<string> = base64(32);
export const pemBlock = (label: string): fc.Arbitrary<string> =>
  fc.uint8Array({ minLength: 100, maxLength: 900 }).map((content) => {
    const lines = Buffer.from(content)
      .toString('base64')
      .match(/.{1,64}/g)!;
    return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
  });

/** The network of an address and a dotted netmask. */
export function cidrFrom(network: string, mask: string): string {
  const ones = toInt(parseIpv4(mask)!).toString(2).replace(/0+$/, '');
  return `${network}/${ones.length}`;
}
