import { type Option, takes } from './matches.ts';
import type { Table } from './names.ts';
import {
  type Family,
  maskedMark,
  natAddress,
  natPorts,
  network,
  number,
  oneOf,
  ownMark,
  text,
  type Value,
} from './values.ts';

/** The engine's tables: where a chain of ours can stand. */
export type Place = 'filter' | 'nat' | 'mangle';

export interface Target {
  readonly options: Readonly<Record<string, Option>>;
  /** Where the engine takes it. The first place that a table has is the one that is used. */
  readonly places: readonly Place[];
  /** Tables whose rules may use it; in subtables the jumps to them decide. */
  readonly tables: readonly Table[];
}

const ALL: readonly Table[] = ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'];
const target = (
  places: readonly Place[],
  tables: readonly Table[],
  options: Target['options'] = {},
): Target => ({
  options,
  places,
  tables,
});

const V4_REJECTS = [
  ...['icmp-net-unreachable', 'icmp-host-unreachable', 'icmp-proto-unreachable', 'icmp-port-unreachable'],
  ...['icmp-net-prohibited', 'icmp-host-prohibited', 'icmp-admin-prohibited'],
];
const V6_REJECTS = [
  ...['icmp6-no-route', 'icmp6-adm-prohibited', 'icmp6-addr-unreachable', 'icmp6-port-unreachable'],
  ...['icmp6-policy-fail', 'icmp6-reject-route'],
];
const rejectWith: Value = {
  what: oneOf('tcp-reset', ...V4_REJECTS, ...V6_REJECTS).what,
  check: (word): Family | null => {
    if (word === 'tcp-reset') return 'both';
    return V4_REJECTS.includes(word) ? 'v4' : V6_REJECTS.includes(word) ? 'v6' : null;
  },
};

const random = { '--random': takes(), '--random-fully': takes() };

/**
 * The targets that a rule may name besides subtables. Each one decides about the packet or changes its addresses, its
 * size or the part of its mark that is free for rules. None hands it to a program, another table of routes, or away.
 */
export const TARGETS: Readonly<Record<string, Target>> = {
  ACCEPT: target(['filter', 'nat', 'mangle'], ALL),
  DROP: target(['filter', 'mangle'], ALL),
  REJECT: target(['filter'], ['INPUT', 'FORWARD', 'OUTPUT'], { '--reject-with': takes(rejectWith) }),
  RETURN: target(['filter', 'nat', 'mangle'], ALL),
  LOG: target(['filter', 'nat', 'mangle'], ALL, {
    '--log-prefix': takes(text(29)),
    '--log-level': takes(
      oneOf(
        'emerg',
        'alert',
        'crit',
        'error',
        'warning',
        'notice',
        'info',
        'debug',
        '0',
        '1',
        '2',
        '3',
        '4',
        '5',
        '6',
        '7',
      ),
    ),
    '--log-tcp-sequence': takes(),
    '--log-tcp-options': takes(),
    '--log-ip-options': takes(),
  }),
  MASQUERADE: target(['nat'], ['POSTROUTING'], { '--to-ports': takes(natPorts), ...random }),
  SNAT: target(['nat'], ['POSTROUTING'], {
    '--to-source': takes(natAddress),
    '--to': takes(natAddress),
    ...random,
    '--persistent': takes(),
  }),
  DNAT: target(['nat'], ['PREROUTING', 'OUTPUT'], {
    '--to-destination': takes(natAddress),
    '--to': takes(natAddress),
    '--random': takes(),
    '--persistent': takes(),
  }),
  REDIRECT: target(['nat'], ['PREROUTING', 'OUTPUT'], { '--to-ports': takes(natPorts), '--random': takes() }),
  NETMAP: target(['nat'], ['PREROUTING', 'POSTROUTING', 'OUTPUT'], { '--to': takes(network) }),
  TCPMSS: target(['mangle'], ['FORWARD', 'OUTPUT', 'POSTROUTING'], {
    '--set-mss': takes(number(88, 65495)),
    '--clamp-mss-to-pmtu': takes(),
  }),
  MARK: target(['mangle'], ALL, {
    '--set-mark': takes(maskedMark),
    '--set-xmark': takes(maskedMark),
    '--or-mark': takes(ownMark),
    '--xor-mark': takes(ownMark),
  }),
  CONNMARK: target(['mangle'], ALL, {
    '--set-mark': takes(maskedMark),
    '--set-xmark': takes(maskedMark),
    '--or-mark': takes(ownMark),
    '--xor-mark': takes(ownMark),
    '--save-mark': takes(),
    '--restore-mark': takes(),
    '--nfmask': takes(ownMark),
    '--ctmask': takes(ownMark),
  }),
};
