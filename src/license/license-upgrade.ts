import { MeshwrightError } from '../errors/catalogue.ts';
import {
  type AddressGrant,
  type Addressing,
  extendAddressing,
  freeAddresses,
} from '../topology/addressing.ts';
import { type AddressingParameters, givenFields, parseExtension } from '../topology/addressing-parameters.ts';
import type { LicensePayload } from './license-payload.ts';

/** The rules of an upgrade, apart from storing it. */

export interface WireUpgrade {
  /** False: addresses must be given with `PUT /license/parameters` before the upgrade is in force. */
  finalized: boolean;
  uniq: string;
  license: 'accepted';
  new_clientpacks: number;
  new_managers: number;
}

/** Throws unless `next` may take the place of `current`. An upgrade never takes anything away. */
export function checkUpgrade(current: LicensePayload, next: LicensePayload): void {
  if (next.authority !== current.authority) throw new MeshwrightError('LICENSE_UPGRADE_OTHER_AUTHORITY');
  if (next.uuid === current.uuid) throw new MeshwrightError('LICENSE_UPGRADE_IN_FORCE');
  if (next.upgrades !== null && next.upgrades !== current.uuid) {
    throw new MeshwrightError('LICENSE_UPGRADE_OTHER_LICENSE', {
      upgrades: next.upgrades,
      current: current.uuid,
    });
  }
  const capacities = [
    ['controllers', next.controllers, current.controllers],
    ['clients', next.clients, current.clients],
    ['IPsec endpoints', next.ipsecEndpoints, current.ipsecEndpoints],
    ['IPsec subnets', next.ipsecSubnets, current.ipsecSubnets],
    ['links', next.links, current.links],
  ] as const;
  for (const [what, granted, before] of capacities) {
    if (granted < before)
      throw new MeshwrightError('LICENSE_UPGRADE_SMALLER', { what, granted, current: before });
  }
}

/**
 * The addressing that an upgrade leads to without an operator's help: what it adds is numbered by the counting
 * rule. `null` when the subnet has no room for it.
 */
export function automaticExtension(
  addressing: Addressing,
  current: LicensePayload,
  next: LicensePayload,
): Addressing | null {
  const added = growth(current, next);
  if (added.clients + added.controllers > freeAddresses(addressing)) return null;
  return extendAddressing(addressing, {
    controllers: addressing.controllers.length + added.controllers,
    clients: addressing.clients.length + added.clients,
  });
}

export function wireUpgrade(current: LicensePayload, next: LicensePayload, finalized: boolean): WireUpgrade {
  const added = growth(current, next);
  return {
    finalized,
    uniq: next.uuid,
    license: 'accepted',
    new_clientpacks: added.clients,
    new_managers: added.controllers,
  };
}

/**
 * Parameters that arrive after the first acceptance. With an upgrade pending (`growth`) lists that are not given are
 * filled by the counting rule. Soon after an automatic extension (`provisional`) a list takes the place of what was
 * added by itself. At any other time addresses can only be added.
 */
export function laterParameters(
  current: Addressing,
  body: AddressingParameters,
  grant: AddressGrant,
  situation: { growth: Growth } | { provisional: Addressing | null },
): Addressing {
  const given = givenFields(body);
  if ('growth' in situation) {
    const { controllers, clients } = situation.growth;
    return parseExtension(current, body, grant, {
      controllers: current.controllers.length + controllers,
      clients: current.clients.length + clients,
    });
  }
  if (given.length === 0) return current;
  if (given.some((field) => field === 'default' || field === 'subnet' || field === 'my_manager_vip')) {
    throw new MeshwrightError('LICENSE_PARAMETERS_FINAL');
  }
  const base = situation.provisional ?? current;
  const start: Addressing = {
    ...current,
    controllers: (given.includes('managers') ? base : current).controllers,
    clients: (given.includes('clients') ? base : current).clients,
  };
  return parseExtension(start, body, grant, {
    controllers: start.controllers.length,
    clients: start.clients.length,
  });
}

/** What an upgrade adds to the licence in force. */
export interface Growth {
  controllers: number;
  clients: number;
}

export function growth(current: LicensePayload, next: LicensePayload): Growth {
  return { clients: next.clients - current.clients, controllers: next.controllers - current.controllers };
}
