import {
  address,
  addressRange,
  clock,
  type Family,
  icmpType,
  interfaceName,
  listOf,
  mac,
  mark,
  network,
  networkList,
  number,
  numberRange,
  oneOf,
  port,
  portList,
  probability,
  protocol,
  rate,
  text,
  type Value,
} from './values.ts';

/** An option: the values that follow it, one a word. `set` is a set of this firewall and asks the rule's scope. */
export interface Option {
  readonly values: readonly (Value | 'set')[];
}

/** What `-m NAME` brings along. */
export interface Module {
  readonly options: Readonly<Record<string, Option>>;
  /** The family that the module exists for. */
  readonly family: Family;
}

export const takes = (...values: readonly (Value | 'set')[]): Option => ({ values });
const flag: Option = takes();
const module = (options: Readonly<Record<string, Option>>, family: Family = 'both'): Module => ({
  options,
  family,
});

/** The options that need no `-m`. */
export const BASE_OPTIONS: Readonly<Record<string, Option>> = {
  '-s': takes(networkList),
  '--source': takes(networkList),
  '--src': takes(networkList),
  '-d': takes(networkList),
  '--destination': takes(networkList),
  '--dst': takes(networkList),
  '-i': takes(interfaceName),
  '--in-interface': takes(interfaceName),
  '-o': takes(interfaceName),
  '--out-interface': takes(interfaceName),
  '-p': takes(protocol),
  '--proto': takes(protocol),
  '--protocol': takes(protocol),
};

const ports = {
  '--sport': takes(port),
  '--source-port': takes(port),
  '--dport': takes(port),
  '--destination-port': takes(port),
};
const TCP_FLAGS = listOf('SYN', 'ACK', 'FIN', 'RST', 'URG', 'PSH', 'ALL', 'NONE');
const STATES = listOf('INVALID', 'ESTABLISHED', 'NEW', 'RELATED', 'UNTRACKED', 'SNAT', 'DNAT');
const ADDRESS_TYPES = listOf(
  ...[
    'UNSPEC',
    'UNICAST',
    'LOCAL',
    'BROADCAST',
    'ANYCAST',
    'MULTICAST',
    'BLACKHOLE',
    'UNREACHABLE',
    'PROHIBIT',
  ],
);
/** Source and destination, once for each part of the set's entries. */
const DIRECTIONS = oneOf('src', 'dst', 'src,src', 'src,dst', 'dst,src', 'dst,dst');

/**
 * The matches that a rule may use, and nothing besides. Left out on purpose: everything that reads a file or a program
 * of the machine (`bpf`), keeps lists under names that it shares with others (`recent`, `quota2`), looks at who
 * owns a local process (`owner`, `cgroup`), or reads the packet's content (`string`, `u32`).
 */
export const MATCHES: Readonly<Record<string, Module>> = {
  tcp: module({
    ...ports,
    '--tcp-flags': takes(TCP_FLAGS, TCP_FLAGS),
    '--syn': flag,
    '--tcp-option': takes(number(1, 255)),
  }),
  udp: module(ports),
  sctp: module(ports),
  icmp: module({ '--icmp-type': takes(icmpType) }, 'v4'),
  icmp6: module({ '--icmpv6-type': takes(icmpType) }, 'v6'),
  icmpv6: module({ '--icmpv6-type': takes(icmpType) }, 'v6'),
  multiport: module({
    '--sports': takes(portList),
    '--source-ports': takes(portList),
    '--dports': takes(portList),
    '--destination-ports': takes(portList),
    '--ports': takes(portList),
  }),
  iprange: module({ '--src-range': takes(addressRange), '--dst-range': takes(addressRange) }),
  set: module({ '--match-set': takes('set', DIRECTIONS) }),
  conntrack: module({
    '--ctstate': takes(STATES),
    '--ctproto': takes(protocol),
    '--ctorigsrc': takes(network),
    '--ctorigdst': takes(network),
    '--ctreplsrc': takes(network),
    '--ctrepldst': takes(network),
    '--ctorigsrcport': takes(port),
    '--ctorigdstport': takes(port),
    '--ctreplsrcport': takes(port),
    '--ctrepldstport': takes(port),
    '--ctstatus': takes(listOf('NONE', 'EXPECTED', 'SEEN_REPLY', 'ASSURED', 'CONFIRMED')),
    '--ctdir': takes(oneOf('ORIGINAL', 'REPLY')),
  }),
  state: module({ '--state': takes(listOf('INVALID', 'ESTABLISHED', 'NEW', 'RELATED', 'UNTRACKED')) }),
  connlimit: module({
    '--connlimit-upto': takes(number(0, 1_000_000)),
    '--connlimit-above': takes(number(0, 1_000_000)),
    '--connlimit-mask': takes(number(0, 128)),
    '--connlimit-saddr': flag,
    '--connlimit-daddr': flag,
  }),
  limit: module({ '--limit': takes(rate), '--limit-burst': takes(number(1, 10_000)) }),
  hashlimit: module({
    '--hashlimit-upto': takes(rate),
    '--hashlimit-above': takes(rate),
    '--hashlimit-burst': takes(number(1, 1_000_000)),
    '--hashlimit-mode': takes(listOf('srcip', 'srcport', 'dstip', 'dstport')),
    '--hashlimit-srcmask': takes(number(0, 128)),
    '--hashlimit-dstmask': takes(number(0, 128)),
    '--hashlimit-name': takes({
      what: 'a name of at most 12 letters, digits, - and _',
      check: (word) => (/^[A-Za-z0-9][A-Za-z0-9_-]{0,11}$/.test(word) ? 'both' : null),
    }),
    '--hashlimit-htable-size': takes(number(1, 1_000_000)),
    '--hashlimit-htable-max': takes(number(1, 1_000_000)),
    '--hashlimit-htable-expire': takes(number(1, 86_400_000)),
    '--hashlimit-htable-gcinterval': takes(number(1, 86_400_000)),
  }),
  mac: module({ '--mac-source': takes(mac) }),
  addrtype: module({
    '--src-type': takes(ADDRESS_TYPES),
    '--dst-type': takes(ADDRESS_TYPES),
    '--limit-iface-in': flag,
    '--limit-iface-out': flag,
  }),
  mark: module({ '--mark': takes(mark) }),
  connmark: module({ '--mark': takes(mark) }),
  length: module({ '--length': takes(numberRange(65535)) }),
  ttl: module(
    {
      '--ttl-eq': takes(number(0, 255)),
      '--ttl-lt': takes(number(0, 255)),
      '--ttl-gt': takes(number(0, 255)),
    },
    'v4',
  ),
  hl: module(
    { '--hl-eq': takes(number(0, 255)), '--hl-lt': takes(number(0, 255)), '--hl-gt': takes(number(0, 255)) },
    'v6',
  ),
  dscp: module({
    '--dscp': takes(number(0, 63)),
    '--dscp-class': takes({
      what: 'a class like EF, AF21 or CS3',
      check: (word) => (/^(BE|EF|AF[1-4][1-3]|CS[0-7])$/.test(word) ? 'both' : null),
    }),
  }),
  pkttype: module({ '--pkt-type': takes(oneOf('unicast', 'broadcast', 'multicast')) }),
  tcpmss: module({ '--mss': takes(numberRange(65535)) }),
  policy: module({
    '--dir': takes(oneOf('in', 'out')),
    '--pol': takes(oneOf('none', 'ipsec')),
    '--proto': takes(oneOf('esp', 'ah', 'ipcomp')),
    '--mode': takes(oneOf('tunnel', 'transport')),
    '--tunnel-src': takes(address),
    '--tunnel-dst': takes(address),
  }),
  statistic: module({
    '--mode': takes(oneOf('random', 'nth')),
    '--probability': takes(probability),
    '--every': takes(number(1, 1_000_000)),
    '--packet': takes(number(0, 1_000_000)),
  }),
  time: module({
    '--timestart': takes(clock),
    '--timestop': takes(clock),
    '--weekdays': takes(listOf('Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun')),
  }),
  comment: module({ '--comment': takes(text(255)) }),
};

/** Modules that `-p` brings along by itself. */
export const PROTOCOL_MODULES: Readonly<Record<string, string>> = {
  tcp: 'tcp',
  '6': 'tcp',
  udp: 'udp',
  '17': 'udp',
  sctp: 'sctp',
  '132': 'sctp',
  icmp: 'icmp',
  '1': 'icmp',
  icmpv6: 'icmpv6',
  'ipv6-icmp': 'icmpv6',
  '58': 'icmpv6',
};
