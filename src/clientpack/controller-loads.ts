import { MeshwrightError } from '../errors/catalogue.ts';
import type { MemberLine } from '../mesh/member-line.ts';
import type { Records } from '../mesh/records.ts';
import type { ControllerId } from '../topology/controller-id.ts';

export interface ControllerLoad {
  readonly weight: number;
  readonly drained: boolean;
}

const FULL: ControllerLoad = { weight: 100, drained: false };

/** How much of the clients each controller takes. Shared, so that any member can drain any other. */
export class ControllerLoads {
  readonly #records: Records;
  readonly #line: MemberLine;
  readonly #licensed: () => readonly ControllerId[];

  constructor(records: Records, line: MemberLine, licensed: () => readonly ControllerId[]) {
    this.#records = records;
    this.#line = line;
    this.#licensed = licensed;
  }

  of(id: ControllerId): ControllerLoad {
    const record = this.#records.get('loads', String(id));
    return record ? { weight: record.weight, drained: record.drained } : FULL;
  }

  /** This controller's own. */
  own(): ControllerLoad {
    const self = this.#line.self();
    return self === null ? FULL : this.of(self);
  }

  setWeight(id: ControllerId, weight: number): void {
    this.#put(id, { ...this.of(id), weight });
  }

  /** Refused for the last one: its clients would have nowhere to go. */
  setDrained(id: ControllerId, drained: boolean): void {
    if (drained && !this.#takers().some((other) => other !== id && !this.of(other).drained))
      throw new MeshwrightError('DRAIN_LAST', { field: 'id', id });
    this.#put(id, { ...this.of(id), drained });
  }

  /** Controllers that clients could go to now. */
  #takers(): ControllerId[] {
    const self = this.#line.self();
    return [...(self === null ? [] : [self]), ...this.#line.reachable()];
  }

  #put(id: ControllerId, load: ControllerLoad): void {
    if (!this.#licensed().includes(id))
      throw new MeshwrightError('LOAD_CONTROLLER_UNKNOWN', { field: 'id', id });
    this.#records.put('loads', String(id), { id, ...load });
  }
}
