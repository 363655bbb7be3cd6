import { readFileSync } from 'node:fs';
import { Lab } from '../../src/lab/lab.ts';
import { type ControllerPlan, lab as names } from '../../src/lab/plan.ts';
import type { Part } from '../../src/lab/processes.ts';
import { root } from '../../src/programs.ts';
import { allUp, calm, until } from '../support.ts';
import type { Contender, Ground } from './ground.ts';

/** The lab, as a ground like the others'. */
class LabGround implements Ground {
  readonly underlay = names.internetNamespace;
  readonly size: number;
  readonly #lab: Lab;

  constructor(lab: Lab, size: number) {
    this.#lab = lab;
    this.size = size;
  }

  plan(id: number): ControllerPlan {
    return this.#lab.plan(id);
  }

  cut(a: number, b?: number, options: { oneWay?: boolean } = {}): Promise<void> {
    return this.#lab.cut(a, b, options);
  }

  loss(a: number, b: number, percent: number): Promise<void> {
    return this.#lab.loss(a, b, percent);
  }

  heal(): Promise<void> {
    return this.#lab.heal();
  }

  kill(daemon: string): number {
    const part: Part = daemon === 'wireguard-go' ? { link: 2 } : (daemon as Part);
    return this.#lab.kill(1, part);
  }

  settle(): Promise<void> {
    return calm(this.#lab);
  }

  stop(): Promise<void> {
    return Lab.down();
  }
}

/** Meshwright as it is installed, two calm minutes old. */
export const meshwright: Contender = {
  name: 'Meshwright',
  setting: 'defaults',
  note: 'detection `auto`; its own supervisors restart what died',
  daemons: ['bird', 'wireguard-go', 'controller', 'applier'],
  version: async () => {
    const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { version: string };
    return `Meshwright ${version}`;
  },
  open: async (size): Promise<Ground> => {
    const lab = await Lab.up({ size });
    await until('all links up', allUp(lab), 60_000);
    return new LabGround(lab, size);
  },
};
