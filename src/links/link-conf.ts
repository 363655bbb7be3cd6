import { X509Certificate } from 'node:crypto';
import { parsePackName } from '../clientpack/pack-name.ts';
import { MeshwrightError } from '../errors/catalogue.ts';
import { parseIpv4 } from '../net/ipv4.ts';

/** What the configuration of a client of another topology says about itself. */
export interface LinkConf {
  readonly type: 'openvpn' | 'wireguard';
  /** The overlay address that the other topology gave to it; empty when the text does not tell. */
  readonly address: string;
  readonly remotes: readonly string[];
  readonly mtu: number | null;
}

const MAX_CONF = 65_536;

/** Reads a clientpack's text. It is data here: nothing of it is ever run or passed to an engine. */
export function parseLinkConf(text: string): LinkConf {
  const refuse = (rule: string) => new MeshwrightError('LINK_CONF_INVALID', { field: 'conf', rule });
  if (text.length > MAX_CONF) throw refuse(`it has more than ${MAX_CONF} characters`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\x00-\x08\x0b\x0c\x0e-\x1f]/.test(text)) throw refuse('it holds control characters');
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  if (lines.includes('[Interface]') && lines.includes('[Peer]')) return wireguard(lines);
  const remotes = lines.filter((line) => /^remote\s+\S+/.test(line));
  if (remotes.length > 0) return openvpn(text, lines, remotes);
  throw refuse('it is neither an OpenVPN client (a line "remote") nor WireGuard ([Interface] and [Peer])');
}

function wireguard(lines: readonly string[]): LinkConf {
  const values = (key: string) =>
    lines.flatMap((line) => new RegExp(`^${key}\\s*=\\s*(\\S+)`, 'i').exec(line)?.[1] ?? []);
  const address = values('Address')[0]?.split('/')[0] ?? '';
  return {
    type: 'wireguard',
    address: parseIpv4(address) ?? '',
    remotes: values('Endpoint'),
    mtu: number(values('MTU')[0]),
  };
}

function openvpn(text: string, lines: readonly string[], remotes: readonly string[]): LinkConf {
  const mtu = lines.flatMap((line) => /^tun-mtu\s+(\d{1,5})$/.exec(line)?.[1] ?? [])[0];
  return {
    type: 'openvpn',
    address: addressOf(text),
    remotes: remotes.map((line) => line.split(/\s+/).slice(1, 3).join(' ')),
    mtu: number(mtu),
  };
}

/** Clientpacks have their overlay address as the common name of their certificate. */
function addressOf(text: string): string {
  const [, pem] = /<cert>\s*(-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----)/.exec(text) ?? [];
  if (pem === undefined) return '';
  try {
    const [, name] = /CN=(\S+)/.exec(new X509Certificate(pem).subject) ?? [];
    return (name && parsePackName(name)) || '';
  } catch {
    return '';
  }
}

function number(text: string | undefined): number | null {
  return text === undefined || !/^\d{1,5}$/.test(text) ? null : Number(text);
}
