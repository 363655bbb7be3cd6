import { MeshwrightError } from '../errors/catalogue.ts';
import type { Cidr } from '../net/ipv4.ts';
import type { Database } from '../store/database.ts';
import {
  type AddressGrant,
  type Addressing,
  checkSubnetClear,
  defaultAddressing,
  type LocalNetwork,
} from '../topology/addressing.ts';
import { type AddressingParameters, parseParameters, withIpv6 } from '../topology/addressing-parameters.ts';
import { type Authority, parseAuthority } from './authority.ts';
import type { LicensePayload } from './license-payload.ts';
import type { LicensePreview } from './license-preview.ts';
import { LicenseStore, type StoredLicense } from './license-store.ts';
import { checkSignature, licenseSha1, parseLicense, verifyLicense } from './license-text.ts';
import {
  automaticExtension,
  checkUpgrade,
  growth,
  laterParameters,
  type WireUpgrade,
  wireUpgrade,
} from './license-upgrade.ts';
import {
  type WireLicense,
  type WireParameters,
  type WireUpload,
  wireLicense,
  wireParameters,
  wireUpload,
} from './license-wire.ts';

/** Licence and addressing of a topology as they travel with a keyset. */
export interface InstalledLicense extends StoredLicense {
  addressing: Addressing;
  upgrades: string[];
}

/** What the API layer sends, and whether it has to go through its restart window afterwards. */
export interface LicenseAnswer<Body> {
  body: Body;
  restart: boolean;
}

/** Clients of the upgrade flow send their own addresses moments after the upgrade; later nobody expects a change. */
const PROVISIONAL_MS = 15 * 60_000;

/** The licence of this controller: what it grants and the addressing that was accepted under it. */
export class LicenseService {
  readonly #db: Database;
  readonly #store: LicenseStore;
  readonly #authorities: () => Authority[];
  readonly #now: () => number;
  /** Called after every change of licence or addressing. */
  readonly onChange: (() => void)[] = [];
  /** The networks that this machine is attached to; an overlay may cover none of them. */
  localNetworks: () => readonly LocalNetwork[] = () => [];

  /** `authorities` is asked at every upload, so that a new file in the directory needs no restart. */
  constructor(db: Database, authorities: () => Authority[], now: () => number = Date.now) {
    this.#db = db;
    this.#store = new LicenseStore(db);
    this.#authorities = authorities;
    this.#now = now;
  }

  /** Takes a licence. Repeatable with any licence until parameters are accepted; those make it final. */
  upload(text: string): LicenseAnswer<WireUpload> {
    if (this.addressing() !== null) throw new MeshwrightError('LICENSE_FINAL');
    const { payload, stored } = this.#judge(text);
    const proposal = defaultAddressing(addressGrant(payload));
    this.#store.current.set(stored);
    this.announce();
    return { body: wireUpload(payload, proposal), restart: false };
  }

  show(): WireLicense {
    const { stored, payload } = this.#uploaded();
    const accepted = this.addressing();
    return wireLicense({
      stored,
      payload,
      addressing: accepted ?? defaultAddressing(addressGrant(payload)),
      finalized: accepted !== null && this.#store.pending.get() === null,
      upgrades: this.#store.upgrades.get() ?? [],
    });
  }

  /** `restart`: clients insist on a restart of the API after the first acceptance, and on none after an upgrade. */
  acceptParameters(body: AddressingParameters): LicenseAnswer<WireParameters> {
    const before = this.addressing();
    const pending = this.#store.pending.get();
    const after = this.previewParameters(body);
    this.#db.transaction(() => {
      if (pending) this.#putInForce(pending, after);
      else this.#store.addressing.set(after);
    });
    this.announce();
    return { body: wireParameters(after), restart: before === null };
  }

  /** The addressing that parameters lead to, without storing it. */
  previewParameters(body: AddressingParameters): Addressing {
    const { payload } = this.#uploaded();
    const before = this.addressing();
    const pending = this.#store.pending.get();
    const after =
      before === null
        ? parseParameters(body, addressGrant(payload))
        : this.#later(before, body, payload, pending && parseLicense(pending.text).payload);
    // A network that came up later does not stand in the way of more addresses in the subnet that is in use.
    if (after.subnet !== before?.subnet) checkSubnetClear(after.subnet, this.localNetworks());
    return withIpv6(after, body);
  }

  upgrade(text: string): LicenseAnswer<WireUpgrade> {
    const plan = this.#planUpgrade(text);
    this.#db.transaction(() => {
      if (plan.addressing === null) {
        this.#store.pending.set(plan.stored);
        return;
      }
      this.#putInForce(plan.stored, plan.addressing);
      this.#store.provisional.set({ base: plan.before, until: this.#now() + PROVISIONAL_MS });
    });
    this.announce();
    return { body: plan.body, restart: false };
  }

  /** What a text would do here, as an upgrade or as a first licence, without doing it. */
  preview(text: string): LicensePreview {
    if (this.addressing() !== null) {
      const { current, payload, before, addressing } = this.#planUpgrade(text);
      return { kind: 'upgrade', current, payload, before, after: addressing };
    }
    const { payload } = this.#judge(text);
    return { kind: 'new', payload, after: defaultAddressing(addressGrant(payload)) };
  }

  /** The accepted addressing; null until parameters were accepted. */
  addressing(): Addressing | null {
    return this.#store.addressing.get();
  }

  /** What the licence in force says; null before an upload. */
  grant(): LicensePayload | null {
    const stored = this.#store.current.get();
    return stored && parseLicense(stored.text).payload;
  }

  sha1(): string | null {
    const stored = this.#store.current.get();
    return stored && licenseSha1(stored.text);
  }

  requireUploaded(): void {
    this.#uploaded();
  }

  /** For everything that needs addresses: a licence whose parameters were not accepted is not enough. */
  requireLicensed(): Addressing {
    const addressing = this.addressing();
    if (addressing === null) throw new MeshwrightError('NOT_LICENSED');
    return addressing;
  }

  /** What another controller of the topology needs; null until parameters were accepted. */
  exported(): InstalledLicense | null {
    const stored = this.#store.current.get();
    const addressing = this.addressing();
    return stored && addressing && { ...stored, addressing, upgrades: this.#store.upgrades.get() ?? [] };
  }

  /**
   * Takes over the licence of a topology with its keyset. The security token vouches for the authority, and a
   * licence that expired since its upload still admits a replacement member. The caller owns the transaction and
   * calls `announce` after it.
   */
  install(fetched: InstalledLicense): void {
    checkSignature(parseLicense(fetched.text), [parseAuthority(fetched.authorityPem)]);
    const { addressing, upgrades, text, authorityPem, uploadedAt } = fetched;
    this.#store.current.set({ text, authorityPem, uploadedAt });
    this.#store.addressing.set(addressing);
    this.#store.upgrades.set(upgrades);
    this.#store.pending.clear();
    this.#store.provisional.clear();
  }

  announce(): void {
    for (const listener of this.onChange) listener();
  }

  #planUpgrade(text: string) {
    const current = this.#uploaded().payload;
    const before = this.requireLicensed();
    const { payload, stored } = this.#judge(text);
    checkUpgrade(current, payload);
    const addressing = automaticExtension(before, current, payload);
    return {
      stored,
      current,
      payload,
      before,
      addressing,
      body: wireUpgrade(current, payload, addressing !== null),
    };
  }

  #later(
    before: Addressing,
    body: AddressingParameters,
    current: LicensePayload,
    next: LicensePayload | null,
  ) {
    if (next) return laterParameters(before, body, addressGrant(next), { growth: growth(current, next) });
    const extension = this.#store.provisional.get();
    const provisional = extension && this.#now() < extension.until ? extension.base : null;
    return laterParameters(before, body, addressGrant(current), { provisional });
  }

  #putInForce(stored: StoredLicense, addressing: Addressing): void {
    this.#store.upgrades.set([...(this.#store.upgrades.get() ?? []), this.grant()!.uuid]);
    this.#store.current.set(stored);
    this.#store.addressing.set(addressing);
    this.#store.pending.clear();
  }

  #judge(text: string): { payload: LicensePayload; stored: StoredLicense } {
    const authorities = this.#authorities();
    const license = verifyLicense(text, authorities, this.#now());
    const { publicKeyPem } = checkSignature(license, authorities);
    const uploadedAt = Math.floor(this.#now() / 1000);
    return {
      payload: license.payload,
      stored: { text: license.text, authorityPem: publicKeyPem, uploadedAt },
    };
  }

  #uploaded(): { stored: StoredLicense; payload: LicensePayload } {
    const stored = this.#store.current.get();
    if (stored === null) throw new MeshwrightError('NOT_LICENSED');
    return { stored, payload: parseLicense(stored.text).payload };
  }
}

export function addressGrant(payload: LicensePayload): AddressGrant {
  return { ...payload, overlaySubnet: payload.overlaySubnet as Cidr };
}
