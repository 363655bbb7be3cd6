import type { LicenseApi } from '../api/context.ts';
import type { KeysetService } from '../keyset/keyset-service.ts';
import type { LicenseService } from '../license/license-service.ts';
import type { Addressing } from '../topology/addressing.ts';
import { topologyChecksum } from '../topology/checksum.ts';

interface Snapshot {
  readonly addressing: Addressing | null;
  readonly checksum: string;
  readonly capacity: { controllers: number; clients: number } | null;
}

/**
 * What licence and keyset say together. Asked many times a second by everything that observes, so it is read from
 * the store once after each change.
 */
export class Topology {
  readonly #license: LicenseService;
  readonly #keyset: KeysetService;
  #snapshot: Snapshot | null = null;

  constructor(license: LicenseService, keyset: KeysetService) {
    this.#license = license;
    this.#keyset = keyset;
    const forget = () => {
      this.#snapshot = null;
    };
    license.onChange.push(forget);
    keyset.onChange.push(forget);
  }

  addressing(): Addressing | null {
    return this.#now().addressing;
  }

  checksum(): string {
    return this.#now().checksum;
  }

  capacity(): { controllers: number; clients: number } | null {
    return this.#now().capacity;
  }

  licenseApi(): LicenseApi {
    const license = this.#license;
    return {
      upload: (text) => license.upload(text).body,
      show: () => license.show(),
      acceptParameters: (parameters) => license.acceptParameters(parameters),
      upgrade: (text) => license.upgrade(text).body,
      requireLicensed: () => void license.requireLicensed(),
      addressing: () => this.addressing(),
    };
  }

  #now(): Snapshot {
    if (this.#snapshot) return this.#snapshot;
    const addressing = this.#license.addressing();
    const grant = this.#license.grant();
    const checksum = topologyChecksum({
      licenseSha1: this.#license.sha1(),
      addressing,
      keysetFingerprint: this.#keyset.fingerprint(),
    });
    this.#snapshot = {
      addressing,
      checksum,
      capacity: grant && { controllers: grant.controllers, clients: grant.clients },
    };
    return this.#snapshot;
  }
}
