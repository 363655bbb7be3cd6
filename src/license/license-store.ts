import type { Database } from '../store/database.ts';
import { Setting } from '../store/settings.ts';
import type { Addressing } from '../topology/addressing.ts';

/** A licence as it is kept: the text is the truth, everything else is read from it. */
export interface StoredLicense {
  text: string;
  /** Public key of the authority that signed it; a fetched licence may come from one that only the source trusts. */
  authorityPem: string;
  /** Unix seconds. */
  uploadedAt: number;
}

/** Addresses that an upgrade added by itself; until `until` an operator may still choose others instead. */
export interface ProvisionalExtension {
  base: Addressing;
  /** Unix milliseconds. */
  until: number;
}

/** The rows of the store that belong to the licence. */
export class LicenseStore {
  readonly current: Setting<StoredLicense>;
  readonly addressing: Setting<Addressing>;
  /** An upgrade that was accepted, but needs addresses from the operator before it can be in force. */
  readonly pending: Setting<StoredLicense>;
  readonly provisional: Setting<ProvisionalExtension>;
  /** Uuids of the licences that were upgraded, oldest first. */
  readonly upgrades: Setting<string[]>;

  constructor(db: Database) {
    this.current = new Setting(db, 'license.current');
    this.addressing = new Setting(db, 'license.addressing');
    this.pending = new Setting(db, 'license.pending');
    this.provisional = new Setting(db, 'license.provisional');
    this.upgrades = new Setting(db, 'license.upgrades');
  }
}
