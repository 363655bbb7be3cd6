import type { ControllerPlan } from '../../src/lab/plan.ts';

/**
 * Where something is measured: routers 1 to `size` on one underlay, a host behind each. Traffic goes from host 1 to host 2.
 * The lab is one, with Meshwright in it; a `Field` is one for everybody else.
 */
export interface Ground {
  readonly size: number;
  /** Namespace of the underlay's bridge; router N is plugged in at its port `cN`. */
  readonly underlay: string;
  plan(id: number): ControllerPlan;
  cut(a: number, b?: number, options?: { oneWay?: boolean }): Promise<void>;
  loss(a: number, b: number, percent: number): Promise<void>;
  heal(): Promise<void>;
  /** Kills a daemon of router 1 with SIGKILL; who restarts it does so. Returns how many processes that were. */
  kill(daemon: string): number;
  /** Returns when it is as calm as one that was not set up or broken a moment ago. */
  settle(): Promise<void>;
  /** Brings traffic back to the direct way, where nothing does so by itself after a healing. */
  readonly sendHome?: () => Promise<void>;
  stop(): Promise<void>;
}

export type Setting = 'defaults' | 'best settings';

/** What a user may pick. */
export interface Contender {
  readonly name: string;
  readonly setting: Setting;
  /** What was configured, and what restarts a daemon that died. */
  readonly note: string;
  /** Names of the daemons that one of its routers needs. */
  readonly daemons: readonly string[];
  version(): Promise<string>;
  /** Builds it and returns when host 1 and host 2 reach each other. */
  open(size: number): Promise<Ground>;
}

export const title = ({ name, setting }: Pick<Contender, 'name' | 'setting'>) => `${name}, ${setting}`;
