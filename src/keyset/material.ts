import { createPrivateKey, randomBytes, randomUUID } from 'node:crypto';
import { ALL_CONTROLLER_IDS } from '../topology/controller-id.ts';
import { type Issuer, newIdentity } from './certificate.ts';
import type { ClientMaterial, Identity, Keyset } from './keyset.ts';
import { wireguardKeysOf } from './wireguard-keys.ts';

/**
 * Twenty years: a mesh has no ceremony at which a keyset would be renewed, and a certificate that runs out takes the
 * whole topology down at once. Who must not connect any more is kept out by its record, not by a date.
 */
const DAYS = 20 * 365;

/** The name under which members know each other in TLS, whatever their addresses. */
export const memberName = (id: number): string => `controller-${id}.mesh.meshwright.internal`;

/** The common name of a client's certificate, e.g. `100_127_255_193`: its overlay address in a form files can have. */
export const clientName = (address: string): string => address.replaceAll('.', '_');

/** Everything of a keyset but the token's part. Identities exist for all ten ids, so an upgrade adds none. */
export function newMaterial(clients: readonly string[], now: Date): Omit<Keyset, 'pake'> {
  const uuid = randomUUID();
  const memberCa = newCa(`Meshwright members ${uuid}`, now);
  const clientCa = newCa(`Meshwright clients ${uuid}`, now);
  const memberIssuer = issuerOf(uuid, 'members', memberCa);
  return {
    format: 1,
    uuid,
    createdAt: Math.floor(now.getTime() / 1000),
    masterSecret: randomBytes(32).toString('base64'),
    memberCa,
    clientCa,
    members: ALL_CONTROLLER_IDS.map((id) => ({
      id,
      ...newIdentity(
        { commonName: memberName(id), names: [memberName(id)], role: 'member', days: DAYS, now },
        memberIssuer,
      ),
    })),
    clients: newClients({ uuid, clientCa }, clients, now),
  };
}

/** Credentials for more clients of an existing keyset. */
export function newClients(
  { uuid, clientCa }: Pick<Keyset, 'uuid' | 'clientCa'>,
  addresses: readonly string[],
  now: Date,
): ClientMaterial[] {
  const issuer = issuerOf(uuid, 'clients', clientCa);
  return addresses.map((address) => ({
    address,
    ...newIdentity({ commonName: clientName(address), role: 'client', days: DAYS, now }, issuer),
    wireguard: wireguardKeysOf(randomBytes(32)),
  }));
}

function newCa(commonName: string, now: Date): Identity {
  return newIdentity({ commonName, role: 'ca', days: DAYS, now });
}

function issuerOf(uuid: string, kind: 'members' | 'clients', ca: Identity): Issuer {
  return { commonName: `Meshwright ${kind} ${uuid}`, key: createPrivateKey(ca.privateKey) };
}
