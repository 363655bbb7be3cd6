import { type Static, Type } from 'typebox';
import { parseClientAddress } from '../clientpack/client-address.ts';
import { invalid, MeshwrightError } from '../errors/catalogue.ts';
import { printable } from '../errors/printable.ts';
import { isBundle } from '../keyset/bundle.ts';
import type { KeysetService } from '../keyset/keyset-service.ts';
import { parseHost } from '../net/host.ts';
import type { PeeringService } from '../peering/peering-service.ts';
import { DEFAULT_MTU } from '../peering/row.ts';
import { redeem } from './join-client.ts';
import { parseJoinCode } from './join-code.ts';
import type { Records } from './records.ts';

export const JoinProgress = Type.Object({
  state: Type.Union([
    Type.Literal('idle'),
    Type.Literal('redeeming'),
    Type.Literal('installing'),
    Type.Literal('joined'),
    Type.Literal('failed'),
  ]),
  id: Type.Union([Type.Integer(), Type.Null()]),
  /** The error's code and text when `state` is `failed`. */
  error: Type.Union([Type.Object({ code: Type.String(), message: Type.String() }), Type.Null()]),
});
export type JoinProgress = Static<typeof JoinProgress>;

interface Parts {
  readonly keyset: KeysetService;
  readonly peering: PeeringService;
  readonly records: Records;
  readonly instance: string;
  setClientAddress(address: string): void;
}

/**
 * The joining side: redeems a code and takes over keyset, licence, addressing, own id, rows and records in one
 * transaction. Afterwards the API goes through its restart window like after any other fetch.
 */
export class Joiner {
  readonly #parts: Parts;
  #progress: JoinProgress = { state: 'idle', id: null, error: null };

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  progress(): JoinProgress {
    return this.#progress;
  }

  start(code: string, address: string | null, clients: string | null): JoinProgress {
    if (this.#progress.state === 'redeeming' || this.#progress.state === 'installing') {
      throw new MeshwrightError('JOIN_IN_PROGRESS');
    }
    if (this.#parts.keyset.keyset()) throw new MeshwrightError('JOIN_NOT_FRESH');
    const parsed = parseJoinCode(code);
    const id = parsed.i;
    if (address !== null) {
      const host = parseHost(address);
      if (host.kind === 'invalid') throw invalid('address', `"${printable(address)}" ${host.why}`);
    }
    const clientAddress = parseClientAddress(clients);
    this.#progress = { state: 'redeeming', id, error: null };
    this.#parts.keyset
      .join(parsed.a[0]!, async () => {
        const { grant, issuer } = await redeem(code, address, this.#parts.instance);
        if (!isBundle(grant.topology))
          throw new MeshwrightError('JOIN_REFUSED', { reason: 'its version is not compatible' });
        this.#progress = { state: 'installing', id: grant.id, error: null };
        const issuerId = grant.issuer;
        const rows = [
          ...grant.rows.filter((row) => row.id !== grant.id && row.id !== issuerId),
          { id: issuerId, address: issuer, mtu: DEFAULT_MTU },
        ];
        const install = () => {
          this.#parts.peering.replaceAll(grant.id, rows);
          this.#parts.records.merge(Buffer.from(grant.records, 'base64'));
          if (clientAddress !== null) this.#parts.setClientAddress(clientAddress);
        };
        return { bundle: grant.topology, install };
      })
      .then(
        () => {
          this.#progress = { ...this.#progress, state: 'joined' };
        },
        (error: unknown) => {
          const known =
            error instanceof MeshwrightError
              ? error
              : new MeshwrightError('JOIN_REFUSED', { reason: String(error) });
          this.#progress = {
            ...this.#progress,
            state: 'failed',
            error: { code: known.code, message: known.message },
          };
        },
      );
    return this.#progress;
  }
}
