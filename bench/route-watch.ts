import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Lab } from '../src/lab/lab.ts';
import { inNamespace } from './support.ts';

export interface RouteChange {
  readonly controller: number;
  /** By the kernel's own clock, in ms since 1970; all controllers of a lab share it. */
  readonly at: number;
  readonly address: string;
  readonly table: string;
  readonly isDeleted: boolean;
}

/** What the kernels of all controllers of a lab say of host routes, as it happens. */
export class RouteWatch {
  readonly #children: ChildProcess[] = [];
  #changes: RouteChange[] = [];

  constructor(lab: Lab) {
    for (const { id } of lab.state.controllers) {
      const child = inNamespace(lab.plan(id).namespace, ['ip', '-ts', '-4', 'monitor', 'route'], 'pipe');
      createInterface({ input: child.stdout! }).on('line', (line) => this.#take(id, line));
      this.#children.push(child);
    }
  }

  /** Forgets what was seen. */
  clear(): void {
    this.#changes = [];
  }

  of(address: string): readonly RouteChange[] {
    return this.#changes.filter((change) => change.address === address);
  }

  stop(): void {
    for (const child of this.#children) child.kill();
  }

  #take(controller: number, line: string): void {
    const match = /^\[(\S+)\] (Deleted )?(\d+\.\d+\.\d+\.\d+) .*\btable (\d+)/.exec(line);
    if (!match) return;
    const [, time, deleted, address, table] = match;
    // It prints local time.
    const at = Date.parse(time!.slice(0, 23));
    this.#changes.push({
      controller,
      at,
      address: address!,
      table: table!,
      isDeleted: deleted !== undefined,
    });
  }
}
