import type { DesiredSet } from '../../desired/firewall.ts';
import { RuleError } from './rule-error.ts';
import { checkedWord } from './tokenise.ts';
import { addressFamily, type Family, networkFamily, rangeFamily } from './values.ts';

export type SetType = DesiredSet['type'];

/** An entry that the engine may see, and the family of the engine's set that it belongs into. */
export interface SetEntry {
  readonly entry: string;
  readonly family: Family;
}

const PROTOCOLS = ['tcp', 'udp', 'sctp', 'udplite'];

/**
 * Checks one entry, in ipset's own words with names already resolved. `isMember` says whether a name is a set that a list
 * may hold (one of this firewall that is not a list itself).
 */
export function checkEntry(type: SetType, entry: string, isMember: (name: string) => boolean): SetEntry {
  checkedWord(entry);
  switch (type) {
    case 'net': {
      const family = networkFamily(entry) ?? (rangeFamily(entry) === 'v4' ? 'v4' : null);
      if (!family || /\/.*\./.test(entry)) {
        throw new RuleError(
          entry,
          'is not an address, a network like 10.0.0.0/8 or a range like 10.0.0.1-10.0.0.9',
        );
      }
      return { entry, family };
    }
    case 'port':
      if (!isPortRange(entry)) throw new RuleError(entry, 'is not a port or a range like 8000-8010');
      return { entry, family: 'both' };
    case 'service':
      return { entry, family: serviceFamily(entry) };
    case 'list':
      if (!isMember(entry)) throw new RuleError(entry, 'is not a set that a list can hold');
      return { entry, family: 'both' };
  }
}

function isPortRange(text: string): boolean {
  const ends = text.split('-');
  const isPort = (end: string) => /^(0|[1-9]\d{0,4})$/.test(end) && Number(end) <= 65535;
  return ends.length <= 2 && ends.every(isPort) && Number(ends[0]) <= Number(ends.at(-1));
}

/** `10.0.0.1,tcp:443`; the port may be a range. */
function serviceFamily(entry: string): Family {
  const [address = '', service = '', ...rest] = entry.split(',');
  const [protocol = '', ports = ''] = service.split(':');
  const family = addressFamily(address);
  const fits = PROTOCOLS.includes(protocol) && isPortRange(ports) && service === `${protocol}:${ports}`;
  if (!family || !fits || rest.length > 0) {
    throw new RuleError(entry, 'is not an address, a protocol and a port, like 10.0.0.1,tcp:443');
  }
  return family;
}
