/** A field of a recipe. */
export interface Field {
  readonly name: string;
  readonly label: string;
  readonly placeholder: string;
  readonly description?: string;
  readonly optional?: boolean;
}

/** A common case of address translation: a form that writes ordinary rules. */
export interface Recipe {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly fields: readonly Field[];
  /** Rules of what was typed; fields that are empty are undefined. */
  rules(values: Readonly<Record<string, string | undefined>>): string[];
}

const SOURCE: Field = {
  name: 'source',
  label: 'Network',
  placeholder: '100.127.255.192/26',
  description: 'Who is translated; variables and sets may stand here',
};
const OUT: Field = {
  name: 'out',
  label: 'Interface',
  placeholder: 'eth0',
  description: 'By which it leaves this machine',
};
const PROTOCOL: Field = { name: 'protocol', label: 'Protocol', placeholder: 'tcp' };

const part = (option: string, value: string | undefined): string => (value ? ` ${option} ${value}` : '');

/** Without brackets a port would be the end of an IPv6 address. */
const withPort = (host: string, port: string): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

export const RECIPES: readonly Recipe[] = [
  {
    id: 'masquerade',
    title: 'Masquerade',
    about: 'A network leaves by an interface under the address that the interface has at the time.',
    fields: [SOURCE, OUT],
    rules: ({ source, out }) => [`POSTROUTING${part('-s', source)}${part('-o', out)} -j MASQUERADE`],
  },
  {
    id: 'source',
    title: 'Source translation',
    about: 'A network appears under one fixed address.',
    fields: [
      SOURCE,
      { ...OUT, optional: true },
      { name: 'to', label: 'Appears as', placeholder: '203.0.113.7' },
      { name: 'destination', label: 'Only towards', placeholder: '10.9.0.0/16', optional: true },
    ],
    rules: ({ source, out, to, destination }) => [
      `POSTROUTING${part('-s', source)}${part('-d', destination)}${part('-o', out)} -j SNAT${part('--to-source', to)}`,
    ],
  },
  {
    id: 'forward',
    title: 'Port forwarding',
    about:
      'A port of this machine leads to a machine behind it. Two rules: one translates, one lets it through.',
    fields: [
      { name: 'in', label: 'Interface', placeholder: 'eth0', description: 'By which it comes in' },
      PROTOCOL,
      { name: 'port', label: 'Port here', placeholder: '8443' },
      { name: 'host', label: 'Machine', placeholder: '100.127.255.193' },
      { name: 'hostPort', label: 'Port there', placeholder: '443' },
    ],
    rules: ({ in: from, protocol, port, host, hostPort }) => [
      `PREROUTING${part('-i', from)}${part('-p', protocol)}${part('--dport', port)} -j DNAT --to-destination ${withPort(host ?? '', hostPort ?? '')}`,
      `FORWARD${part('-i', from)}${part('-p', protocol)}${part('-d', host)}${part('--dport', hostPort)} -j ACCEPT`,
    ],
  },
  {
    id: 'mss',
    title: 'Segment size',
    about:
      'TCP through an interface with a small MTU is told smaller segments, where path discovery is blocked.',
    fields: [
      OUT,
      { name: 'size', label: 'Size', placeholder: 'follows the path', optional: true, description: 'Bytes' },
    ],
    rules: ({ out, size }) => [
      `FORWARD${part('-o', out)} -p tcp --tcp-flags SYN,RST SYN -j TCPMSS ${size ? `--set-mss ${size}` : '--clamp-mss-to-pmtu'}`,
    ],
  },
];
