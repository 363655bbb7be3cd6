import { randomBytes } from 'node:crypto';
import { Value } from 'typebox/value';
import { invalid, MeshwrightError } from '../errors/catalogue.ts';
import { printable } from '../errors/printable.ts';
import { parseHost } from '../net/host.ts';
import { DEFAULT_MTU } from '../peering/row.ts';
import type { Database } from '../store/database.ts';
import { Setting } from '../store/settings.ts';
import { type ControllerId, parseControllerId } from '../topology/controller-id.ts';
import { formatJoinCode } from './join-code.ts';
import {
  JoinApplicant,
  type JoinGrant,
  MAX_CLOCK_DIFFERENCE_MS,
  type RedeemRequest,
} from './join-protocol.ts';
import type { Mesh } from './mesh.ts';
import type { Records } from './records.ts';
import { ephemeral, joinKey, seal, unseal } from './sealed.ts';

const DEFAULT_TTL_S = 3600;
const MAX_TTL_S = 7 * 24 * 3600;
/** Failed attempts on one code before it is dead: 128 random bits are not guessed, so somebody is playing. */
const MAX_FAILURES = 20;

interface StoredCode {
  readonly name: string;
  readonly secret: string;
  readonly id: ControllerId;
  readonly expiresAt: number;
  readonly replaces: boolean;
  readonly failures: number;
  /** The instance that redeemed it: the same one may ask again if the answer was lost. */
  readonly redeemedBy: string | null;
}

/** A code as its issuer lists it, without its secret. */
export interface JoinCodeInfo {
  readonly name: string;
  readonly id: number;
  readonly expires_at: number;
  readonly redeemed: boolean;
}

/** Issues join codes and redeems them. A code is single-use because only its issuer can redeem it. */
export class JoinIssuer {
  readonly #db: Database;
  readonly #mesh: Mesh;
  readonly #records: Records;
  readonly #topology: () => unknown;
  readonly #codes: Setting<StoredCode[]>;

  constructor(db: Database, mesh: Mesh, records: Records, topology: () => unknown) {
    this.#db = db;
    this.#mesh = mesh;
    this.#records = records;
    this.#topology = topology;
    this.#codes = new Setting(db, 'mesh.join_codes', 'secret');
  }

  /** Makes a code for a free id, or with `replace` for a dead controller's. `addresses` is where it can be redeemed. */
  create(input: {
    id: unknown;
    ttl?: number | undefined;
    replace?: boolean | undefined;
    addresses: readonly string[];
  }): {
    code: string;
    id: number;
    expires_at: number;
  } {
    const id = parseControllerId(input.id);
    const licensed = this.#mesh.parts.addressing()?.controllers ?? [];
    if (id === null || !licensed.some((controller) => controller.id === id)) {
      throw new MeshwrightError('JOIN_ID_UNLICENSED', {
        field: 'id',
        id: printable(input.id),
        count: licensed.length,
      });
    }
    const { self, rows } = this.#mesh.parts.peering.effective();
    if (self === null) throw new MeshwrightError('JOIN_ISSUER_HAS_NO_ID');
    const replaces = input.replace ?? false;
    const isTaken =
      id === self || rows.some((row) => row.id === id) || this.#records.get('members', String(id));
    if (id === self || (isTaken && !replaces))
      throw new MeshwrightError('JOIN_ID_TAKEN', { field: 'id', id });
    const ttl = input.ttl ?? DEFAULT_TTL_S;
    if (!Number.isInteger(ttl) || ttl < 60 || ttl > MAX_TTL_S) {
      throw invalid('ttl', `must be 60 to ${MAX_TTL_S} seconds`, ttl);
    }
    const code: StoredCode = {
      name: randomBytes(8).toString('hex'),
      secret: randomBytes(16).toString('base64url'),
      id,
      expiresAt: Date.now() + ttl * 1000,
      replaces,
      failures: 0,
      redeemedBy: null,
    };
    // A second code for the same id makes the first one worthless: the id is promised once.
    this.#codes.set([...this.#live().filter((other) => other.id !== id), code]);
    const text = formatJoinCode({ a: [...input.addresses], i: id, n: code.name, s: code.secret });
    return { code: text, id, expires_at: code.expiresAt };
  }

  list(): JoinCodeInfo[] {
    return this.#live().map((code) => ({
      name: code.name,
      id: code.id,
      expires_at: code.expiresAt,
      redeemed: code.redeemedBy !== null,
    }));
  }

  revoke(name: string): void {
    const codes = this.#live();
    if (!codes.some((code) => code.name === name)) throw new MeshwrightError('JOIN_CODE_UNKNOWN');
    this.#codes.set(codes.filter((code) => code.name !== name));
  }

  /** Redeems a code for the applicant who proves to know its secret. `source` is the address the request came from. */
  redeem(request: RedeemRequest, source: string): { ephemeral: string; sealed: string } {
    const code = this.#live().find((entry) => entry.name === request.name);
    if (!code) throw new MeshwrightError('JOIN_CODE_UNKNOWN');
    const applicant = this.#open(code, request);
    if (Math.abs(applicant.clock - Date.now()) > MAX_CLOCK_DIFFERENCE_MS) {
      throw new MeshwrightError('JOIN_CLOCK', { seconds: Math.round((applicant.clock - Date.now()) / 1000) });
    }
    const own = ephemeral();
    const key = joinKey(code.secret, 'grant', { own, peer: request.ephemeral });
    const grant = this.#grant(code, applicant, source);
    return { ephemeral: own.publicKey, sealed: seal(key, grant) };
  }

  #open(code: StoredCode, request: RedeemRequest): JoinApplicant {
    try {
      const value = unseal(joinKey(code.secret, `apply ${request.ephemeral}`), request.sealed);
      if (Value.Check(JoinApplicant, value)) {
        if (code.redeemedBy !== null && code.redeemedBy !== value.instance) {
          throw new MeshwrightError('JOIN_CODE_USED');
        }
        return value;
      }
    } catch (error) {
      if (error instanceof MeshwrightError) throw error;
      this.#update(code, { failures: code.failures + 1 });
    }
    throw new MeshwrightError('JOIN_CODE_UNKNOWN');
  }

  #grant(code: StoredCode, applicant: JoinApplicant, source: string): JoinGrant {
    const host = parseHost(applicant.address ?? source);
    if (host.kind === 'invalid') throw invalid('address', `"${printable(applicant.address)}" ${host.why}`);
    return this.#db.transaction(() => {
      this.#update(code, { redeemedBy: applicant.instance });
      const { self, rows } = this.#mesh.parts.peering.effective();
      if (self === null) throw new MeshwrightError('JOIN_ISSUER_HAS_NO_ID');
      this.#records.put('joins', code.name, {
        uid: code.name,
        id: code.id,
        address: host.text,
        mtu: DEFAULT_MTU,
        at: Date.now(),
      });
      return {
        id: code.id,
        issuer: self,
        topology: this.#topology(),
        rows: rows
          .filter((row) => row.id !== code.id)
          .map(({ id, address: host, mtu }) => ({ id, address: host, mtu })),
        records: Buffer.from(this.#records.missingFor(new Uint8Array([0]))).toString('base64'),
        clock: Date.now(),
      };
    });
  }

  #live(): StoredCode[] {
    return (this.#codes.get() ?? []).filter(
      (code) => code.expiresAt > Date.now() && code.failures < MAX_FAILURES,
    );
  }

  #update(code: StoredCode, change: Partial<StoredCode>): void {
    this.#codes.set(
      this.#live().map((other) => (other.name === code.name ? { ...other, ...change } : other)),
    );
  }
}
