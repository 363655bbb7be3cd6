import { useMutation, useQuery } from '@tanstack/react-query';
import { queryClient } from './query-client.ts';
import { request } from './request.ts';

export interface Rule {
  readonly id: string;
  readonly rule: string;
  readonly rule_resolved: string;
  readonly table: string;
  readonly position: number;
  readonly comment: string;
  readonly disabled: boolean;
  readonly groups: readonly string[];
  readonly errors?: readonly string[];
}

export interface Group {
  readonly name: string;
  readonly description: string;
  readonly rules: readonly string[];
  readonly size: number;
  readonly sync_mesh?: boolean;
}

export interface FwSet {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly size: number;
  readonly sync_mesh: boolean;
  readonly entries: readonly { entry: string; comment: string; entry_resolved: string }[];
  readonly errors?: readonly string[];
}

export interface Subtable {
  readonly name: string;
  /** The table from which rules jump to it. */
  readonly type: string;
  readonly description: string;
  readonly rules: readonly { id: string; rule: string; comment: string; disabled: boolean }[];
}

export interface Variable {
  readonly variable: string;
  readonly description: string;
  readonly value: string;
  readonly sync_mesh?: boolean;
}

interface Version {
  readonly at: number;
  readonly by: number;
}

export interface FirewallStatus {
  readonly sealed: boolean;
  readonly clients_may_manage: boolean;
  readonly rules: number;
  readonly broken: readonly { kind: string; of: string; text: string; why: string }[];
  readonly pending: { readonly id: string; readonly deadline: number; readonly seconds_left: number } | null;
  readonly conflicts: readonly { kind: string; name: string; winner: Version; loser: Version }[];
}

export interface RuleTest {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly port: number | null;
  readonly expect: 'pass' | 'drop';
}

export interface TestResult {
  readonly name: string;
  readonly expect: string;
  readonly got: string | null;
  readonly detail: string;
}

/** What a change would do. */
export interface DryRun {
  readonly dry_run: true;
  readonly changes: readonly string[];
  readonly problems: readonly string[];
  readonly tests: readonly TestResult[];
  readonly cut: readonly string[];
}

export interface Counter {
  readonly id: string;
  readonly packets: number;
  readonly bytes: number;
}

const BASE = '/v2/firewall';
const key = (...parts: string[]) => ['firewall', ...parts];
/** Rules depend on sets, and all of it on variables: after a change, everything is asked again. */
const refresh = () => queryClient.invalidateQueries({ queryKey: key() });

/** What is shared changes on other controllers, and everything by other people: a page that is open must not go stale. */
const SOON_MS = 5000;
/** Thousands of rules are a megabyte. */
const RULES_MS = 15_000;

export const useRules = () =>
  useQuery({
    queryKey: key('rules'),
    queryFn: () => request<Rule[]>('GET', `${BASE}/rules`),
    refetchInterval: RULES_MS,
  });

export const useGroups = () =>
  useQuery({
    queryKey: key('groups'),
    queryFn: () => request<Group[]>('GET', `${BASE}/rules-groups`),
    refetchInterval: SOON_MS,
  });

export const useSets = () =>
  useQuery({
    queryKey: key('sets'),
    queryFn: () => request<FwSet[]>('GET', `${BASE}/fwsets`),
    refetchInterval: SOON_MS,
  });

export const useSubtables = () =>
  useQuery({ queryKey: key('subtables'), queryFn: () => request<Subtable[]>('GET', `${BASE}/subtables`) });

export const useVariables = () =>
  useQuery({
    queryKey: key('variables'),
    queryFn: () => request<Record<string, Variable[]>>('GET', '/system/variables'),
    refetchInterval: SOON_MS,
  });

export const useCounters = () =>
  useQuery({
    queryKey: key('counters'),
    queryFn: () => request<Counter[]>('GET', `${BASE}/counters`),
    refetchInterval: SOON_MS,
    select: (counters) => new Map(counters.map((counter) => [counter.id, counter])),
  });

export const useTests = () =>
  useQuery({
    queryKey: key('tests'),
    queryFn: () => request<{ tests: RuleTest[] }>('GET', `${BASE}/tests`),
    select: ({ tests }) => tests,
  });

/** While a change waits for its confirmation, it may be undone at any moment by somebody else. */
export const useFirewallStatus = () =>
  useQuery({
    queryKey: key('status'),
    queryFn: () => request<FirewallStatus>('GET', `${BASE}/status`),
    refetchInterval: ({ state }) => (state.data?.pending ? 2000 : 15_000),
  });

export interface Change {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  /** Below the API; a change of variables is elsewhere than the rest. */
  readonly path: string;
  readonly body?: object;
  /** Seconds within which it must be confirmed. */
  readonly confirm?: number | null;
  readonly force?: boolean;
}

const url = ({ path, confirm, force }: Change, dryRun: boolean) => {
  const query = new URLSearchParams({
    ...(confirm ? { confirm: String(confirm) } : {}),
    ...(force ? { force: 'true' } : {}),
    ...(dryRun ? { dry_run: 'true' } : {}),
  }).toString();
  return query === '' ? path : `${path}?${query}`;
};

/** Every change of the firewall goes this way: then nobody forgets to ask anew. */
export const useChange = () =>
  useMutation({
    mutationFn: (change: Change) => request<unknown>(change.method, url(change, false), change.body),
    onSettled: refresh,
  });

export const useDryRun = () =>
  useMutation({
    mutationFn: (change: Change) => request<DryRun>(change.method, url(change, true), change.body),
  });

export const useSettle = () =>
  useMutation({
    mutationFn: (word: 'confirm' | 'cancel') => request<FirewallStatus>('POST', `${BASE}/${word}`),
    onSettled: refresh,
  });

export const useRunTests = () =>
  useMutation({ mutationFn: () => request<TestResult[]>('POST', `${BASE}/tests/run`, {}) });

export const rulePath = (id = '') => `${BASE}/rules${id && `/${id}`}`;
export const groupPath = (name = '') => `${BASE}/rules-groups${name && `/${encodeURIComponent(name)}`}`;
export const setPath = (name = '') => `${BASE}/fwsets${name && `/${encodeURIComponent(name)}`}`;
export const subtablePath = (name = '') => `${BASE}/subtables${name && `/${encodeURIComponent(name)}`}`;
export const variablePath = (name = '') => `/system/variables${name && `/${encodeURIComponent(name)}`}`;
export const importPath = `${BASE}/rules/import`;
export const settingsPath = `${BASE}/settings`;
export const testsPath = `${BASE}/tests`;
export const exportUrl = (type: 'json' | 'plaintext') => `/api${BASE}/rules/export?type=${type}`;
export const logUrl = `/api${BASE}/log/stream`;
