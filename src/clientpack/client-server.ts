import { createPrivateKey } from 'node:crypto';
import type { ClientsIntent } from '../compile/clients.ts';
import { newIdentity } from '../keyset/certificate.ts';
import { clientInterfaceKeys, clientPsk, tlsCryptServerKey } from '../keyset/client-secrets.ts';
import type { Identity, Keyset } from '../keyset/keyset.ts';
import type { Database } from '../store/database.ts';
import { Setting } from '../store/settings.ts';
import type { ControllerId } from '../topology/controller-id.ts';
import type { ClientIntent } from './client-intent.ts';

const DAYS = 20 * 365;

interface StoredIdentity {
  readonly keyset: string;
  readonly self: ControllerId;
  readonly identity: Identity;
}

/** This controller as the server of overlay clients: its own keys. */
export class ClientServer {
  readonly #identity: Setting<StoredIdentity>;

  constructor(db: Database) {
    this.#identity = new Setting(db, 'clients.server_identity', 'secret');
  }

  intent(
    keyset: Keyset,
    self: ControllerId,
    packs: readonly ClientIntent[],
    drained: boolean,
    bfdIntervalMs: number,
  ): ClientsIntent {
    return {
      drained,
      bfdIntervalMs,
      server: {
        ...this.#identityFor(keyset, self),
        clientCa: keyset.clientCa.certificate,
        tlsCryptKey: tlsCryptServerKey(keyset).toString('base64'),
        wireguardPrivateKey: clientInterfaceKeys(keyset, self).privateKey,
      },
      packs: packs.map((pack) => ({
        ...pack,
        presharedKey: clientPsk(keyset, pack.address, pack.generation),
      })),
    };
  }

  /**
   * The TLS identity that OpenVPN shows to clients. It is signed by this controller itself with the clients' root, and
   * is apart from the identity that members know: the process that faces every client must not hold that one.
   */
  #identityFor(keyset: Keyset, self: ControllerId): Identity {
    const stored = this.#identity.get();
    if (stored?.keyset === keyset.uuid && stored.self === self) return stored.identity;
    const issuer = {
      commonName: `Meshwright clients ${keyset.uuid}`,
      key: createPrivateKey(keyset.clientCa.privateKey),
    };
    const identity = newIdentity({ commonName: serverName(self), role: 'server', days: DAYS }, issuer);
    this.#identity.set({ keyset: keyset.uuid, self, identity });
    return identity;
  }
}

/** The common name of a controller's OpenVPN certificate; clients check the part before the number. */
export const SERVER_NAME_PREFIX = 'meshwright-controller-';
const serverName = (id: ControllerId) => `${SERVER_NAME_PREFIX}${id}`;
