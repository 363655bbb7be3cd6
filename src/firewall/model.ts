import type { DesiredSet, FirewallTest } from '../desired/firewall.ts';

/**
 * What an operator asked of the firewall, as one value. Every change is a function from one of these to the next, so
 * it happens as a whole or not at all, and undoing it is keeping the value from before.
 */
export interface FirewallModel {
  /** Rules of the five tables in their order; a rule's position is its place here. */
  readonly rules: readonly Rule[];
  readonly groups: readonly Group[];
  readonly subtables: readonly Subtable[];
  readonly sets: readonly FwSet[];
  readonly variables: readonly Variable[];
  /** Packets that must pass or be dropped, checked before each change. */
  readonly tests: readonly FirewallTest[];
  readonly settings: FirewallSettings;
}

export interface Rule {
  readonly id: string;
  /** As it was written, variables and all, beginning with the name of its table. */
  readonly text: string;
  readonly comment: string;
  readonly groups: readonly string[];
  readonly disabled: boolean;
  /** Unix milliseconds. */
  readonly createdAt: number;
  /** The position that was asked for, while there are not enough rules yet for the rule to have it. */
  readonly wanted: number | null;
}

export interface Group {
  readonly name: string;
  readonly description: string;
  readonly syncMesh: boolean;
}

export interface Subtable {
  readonly name: string;
  /** The table from which it can be jumped to. */
  readonly type: string;
  readonly description: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly rules: readonly Rule[];
}

export type SetType = DesiredSet['type'];

export interface FwSet {
  readonly name: string;
  readonly type: SetType;
  readonly description: string;
  readonly syncMesh: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly entries: readonly SetEntry[];
}

export interface SetEntry {
  /** An address, network, port, set or service; a host name; or text with variables. */
  readonly entry: string;
  readonly comment: string;
  readonly createdAt: number;
}

export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly description: string;
  readonly syncMesh: boolean;
}

export interface FirewallSettings {
  readonly sealed: boolean;
  readonly clientsMayManage: boolean;
}

export const EMPTY_MODEL: FirewallModel = {
  rules: [],
  groups: [],
  subtables: [],
  sets: [],
  variables: [],
  tests: [],
  settings: { sealed: false, clientsMayManage: false },
};

/** Names of sets, groups and subtables are the same whatever their case. */
export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
