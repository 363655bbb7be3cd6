import { instanceNumber } from '../controller/gather-intent.ts';
import { every } from '../periodic.ts';
import { Setting } from '../store/settings.ts';
import type { Mesh } from './mesh.ts';
import type { Records } from './records.ts';

const REFRESH_MS = 10_000;

/** Publishes what this controller says about itself; every member reads it under our id. */
export class SelfRecord {
  readonly #mesh: Mesh;
  readonly #records: Records;
  readonly #clientAddress: Setting<string>;
  #timer: NodeJS.Timeout | null = null;
  #unsubscribe: (() => void) | null = null;
  /** The machine's address when the record was published last. */
  #address: string | null = null;

  constructor(mesh: Mesh, records: Records) {
    this.#mesh = mesh;
    this.#records = records;
    this.#clientAddress = new Setting(mesh.parts.db, 'mesh.client_address');
  }

  start(): void {
    this.#timer = every(REFRESH_MS, 'publishing what others know of us', () => this.publish());
    this.#unsubscribe = this.#mesh.onChange(() => {
      if (this.#mesh.ownAddress() !== this.#address) this.publish();
    });
    this.publish();
  }

  stop(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#unsubscribe?.();
  }

  /** Writing an unchanged record is no change, so this may run as often as it likes. */
  publish(): void {
    const { parts } = this.#mesh;
    this.#address = this.#mesh.ownAddress();
    const { self } = parts.peering.effective();
    if (self === null) return;
    // Until the applier has been heard the machine does not know its address. What others know of it holds until then:
    // a controller that starts anew must not vanish from clientpacks for that moment.
    const before = this.#records.get('members', String(self));
    const address = this.#address ?? before?.address ?? null;
    this.#records.put('members', String(self), {
      id: self,
      instance: instanceNumber(parts.instance),
      name: parts.names.controllerName(),
      address,
      clientAddress: this.#clientAddress.get() ?? address,
      networks: parts.routes
        .intents()
        .filter(({ advertise }) => advertise)
        .map(({ cidr }) => cidr)
        .sort(),
    });
  }

  /** What the operator said; null when clients use the machine's own address. */
  clientAddress(): string | null {
    return this.#clientAddress.get();
  }

  setClientAddress(address: string | null): void {
    if (address === null) this.#clientAddress.clear();
    else this.#clientAddress.set(address);
    this.publish();
  }
}
