import { randomBytes } from 'node:crypto';
import type { FirewallCheck, FirewallProblem, FirewallTest, RuleCounter } from '../desired/firewall.ts';
import { MeshwrightError } from '../errors/catalogue.ts';
import type { Database } from '../store/database.ts';
import { Setting } from '../store/settings.ts';
import { type Collection, collectionsOf, type VariableFacts, valuesOf } from '../variables/collections.ts';
import { type ChangeReport, describeChange } from './change-report.ts';
import { disableRules } from './edit-rules.ts';
import { EngineAway, EngineRefused, type FirewallEngine } from './engine.ts';
import { FirewallStore } from './firewall-store.ts';
import { readFirewall } from './grammar/ruleset.ts';
import type { FirewallModel } from './model.ts';
import { type Problem, type Resolution, resolve } from './resolve.ts';
import { SetNames } from './set-names.ts';

export interface ChangeOptions {
  /** Seconds within which the change must be confirmed. */
  readonly confirm?: number | undefined;
  /** Tell what would happen and change nothing. */
  readonly dryRun?: boolean | undefined;
  /** What is being removed: what uses it is named, or disabled with `force`. */
  readonly removes?: string | undefined;
  readonly force?: boolean | undefined;
}

/** A change that undoes itself unless it is confirmed. `before` is what it goes back to. */
export interface Pending {
  readonly id: string;
  readonly deadline: number;
  readonly seconds: number;
  readonly before: FirewallModel;
}

export type FirewallEvent = 'fwset_dns_update' | 'firewall_reverted' | 'firewall_confirmed' | 'firewall_sync';

interface Parts {
  readonly db: Database;
  readonly engine: FirewallEngine;
  facts(): VariableFacts;
  tell(kind: FirewallEvent, text: string): void;
}

/** Changes of facts within this time lead to one apply. */
const FOLLOW_MS = 300;

type Edit = (model: FirewallModel) => FirewallModel;

/**
 * The firewall as operators change it. One change at a time: it is made on a copy, checked as a whole (variables,
 * grammar, rule tests), put in force, and stored once it is. Whatever refuses it on the way, nothing changed.
 */
export class FirewallService {
  readonly #parts: Parts;
  readonly #store: FirewallStore;
  readonly #pending: Setting<Pending>;
  readonly #names: SetNames;
  readonly #listeners = new Set<() => void>();
  #queue: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #following: NodeJS.Timeout | null = null;
  /** What the applier was last asked for; empty while it was asked for nothing. */
  #handedOut = '';
  /** What is being put in force, and is stored when that succeeded. */
  #candidate: { readonly model: FirewallModel; readonly deadline: number | null } | null = null;
  /** A change asks for the same model again and again, and thousands of rules take their time. */
  readonly #resolved = new WeakMap<FirewallModel, { key: string; resolution: Resolution }>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#store = new FirewallStore(parts.db);
    this.#pending = new Setting(parts.db, 'firewall.pending');
    this.#names = new SetNames(parts.db, (changed) => this.#namesMoved(changed));
  }

  /** A change whose time ran out while nobody was here is undone first of all. */
  start(): void {
    this.#names.watch(this.resolution().hosts);
    const pending = this.#pending.get();
    if (pending) this.#arm(pending);
  }

  stop(): void {
    if (this.#following) clearTimeout(this.#following);
    if (this.#timer) clearTimeout(this.#timer);
    this.#names.stop();
  }

  get model(): FirewallModel {
    return this.#store.model;
  }

  get pending(): Pending | null {
    return this.#pending.get();
  }

  collections(model: FirewallModel = this.model): Collection[] {
    return collectionsOf(this.#parts.facts(), model);
  }

  /** When the entry of a set that is a name was last looked up. */
  lookedUp(host: string): number | null {
    return this.#names.lookedUp(host);
  }

  /** The present model with everything put in that it refers to. */
  resolution(): Resolution {
    return this.#resolve(this.model);
  }

  /** What the applier is to have now. */
  desired(): Resolution['desired'] {
    const { model, deadline } = this.#candidate ?? {
      model: this.model,
      deadline: this.pending?.deadline ?? null,
    };
    return { ...this.#resolve(model).desired, confirmBy: deadline };
  }

  /** The same, for whoever hands it to the applier: remembered, so that `follow` can tell what is new. */
  handOut(): Resolution['desired'] {
    const desired = this.desired();
    this.#handedOut = JSON.stringify(desired);
    return desired;
  }

  /** Called after each change, with nothing pending any more that could undo it. */
  onSettled(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Makes a change or says with an error why not. Resolves when it is in force. */
  change(edit: Edit, options: ChangeOptions = {}): Promise<ChangeReport> {
    return this.#inTurn(async () => {
      this.#refuseWhilePending();
      const before = this.model;
      const next = this.#judge(before, edit(before), options);
      const check = await this.#check(next, options.dryRun ?? false);
      const report = describeChange(before, next, check);
      if (options.dryRun) return report;
      refuseFailures(next, check);
      await this.#put(next, options.confirm);
      if (options.confirm === undefined) this.#settled();
      return report;
    });
  }

  /**
   * Takes what another member decided. It is not ours to refuse: a rule that cannot be in force here is kept, shown
   * with its error and left out. Only what the engine itself refuses changes nothing. Waits while a change of ours
   * may still be undone. `note` is written together with the change.
   */
  adopt(edit: Edit, note: () => void): Promise<void> {
    return this.#inTurn(async () => {
      if (this.pending) return;
      const next = edit(this.model);
      const { problems } = readFirewall(this.#resolve(next).desired);
      if (problems.length > 0) throw refusal(problems, next);
      await this.#put(next, undefined, note).catch((error: unknown) => {
        if (error instanceof MeshwrightError) throw error;
      });
    });
  }

  confirm(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.pending) throw new MeshwrightError('FIREWALL_NOTHING_PENDING');
      this.#pending.clear();
      this.#disarm();
      this.#parts.tell('firewall_confirmed', 'A firewall change was confirmed.');
      await this.#applyStored();
      this.#settled();
    });
  }

  cancel(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.pending) throw new MeshwrightError('FIREWALL_NOTHING_PENDING');
      await this.#revert('cancelled by an operator');
    });
  }

  /** Runs the stored tests against what is in force. */
  runTests(tests: readonly FirewallTest[] = this.model.tests): Promise<FirewallCheck | null> {
    return this.#parts.engine.check(this.desired(), tests, false).catch(silent);
  }

  counters(): Promise<RuleCounter[]> {
    return this.#parts.engine.counters().catch(silent);
  }

  resetTracking(): Promise<void> {
    return this.#parts.engine.resetTracking().catch(silent);
  }

  /** Something that variables are made of may have changed. */
  follow(): void {
    this.#following ??= setTimeout(() => {
      this.#following = null;
      if (this.#handedOut !== '' && this.#handedOut !== JSON.stringify(this.desired()))
        void this.reapply().catch(() => undefined);
    }, FOLLOW_MS);
  }

  /** Puts what is stored in force again. */
  reapply(): Promise<void> {
    return this.#inTurn(() => this.#applyStored());
  }

  async #applyStored(): Promise<void> {
    await this.#parts.engine.apply().catch((error) => refusedOrSilent(error, this.model));
  }

  #resolve(model: FirewallModel): Resolution {
    const values = valuesOf(this.collections(model));
    const key = JSON.stringify([[...values], this.#names.revision]);
    const known = this.#resolved.get(model);
    if (known?.key === key) return known.resolution;
    const resolution = resolve(model, {
      now: Date.now(),
      values,
      addressesOf: (host) => this.#names.addressesOf(host),
    });
    this.#resolved.set(model, { key, resolution });
    return resolution;
  }

  /** What is wrong after a change and was not before it. A rule that was disabled already hurts nobody. */
  newProblems(before: FirewallModel, next: FirewallModel): Problem[] {
    const known = new Set(this.#resolve(before).problems.map(identity));
    const texts = new Set(allRules(before).map(({ id, text }) => `${id} ${text}`));
    return this.#resolve(next).problems.filter(
      (problem) =>
        !known.has(identity(problem)) && !(problem.harmless && texts.has(`${problem.of} ${problem.text}`)),
    );
  }

  /** Refuses what brings in a problem that was not there before. */
  #judge(before: FirewallModel, next: FirewallModel, { removes, force }: ChangeOptions): FirewallModel {
    const fresh = this.newProblems(before, next);
    const [first] = fresh;
    if (!first) return next;
    if (removes === undefined) throw asError(first);
    const sets = fresh.filter(({ kind }) => kind === 'set');
    if (!force || sets.length > 0) {
      const users = [...new Set(fresh.map((problem) => userName(problem)))].slice(0, 10).join('; ');
      throw new MeshwrightError('STILL_IN_USE', { what: removes, users });
    }
    return disableRules(new Set(fresh.map(({ of }) => of)))(next);
  }

  /** The engine is asked beforehand only where its answer is more than yes or no: for tests and dry runs. */
  async #check(next: FirewallModel, isDryRun: boolean): Promise<FirewallCheck | null> {
    const { desired } = this.#resolve(next);
    const { problems } = readFirewall(desired);
    if (problems.length > 0) return { problems: [...problems], tests: [], cut: [] };
    if (!isDryRun && next.tests.length === 0) return null;
    try {
      return await this.#parts.engine.check(desired, next.tests, isDryRun);
    } catch (error) {
      throw new MeshwrightError('FIREWALL_UNAVAILABLE', { reason: (error as Error).message });
    }
  }

  /** In force first, then stored: what the engine refuses was never there for anybody to read. */
  async #put(
    next: FirewallModel,
    confirm: number | undefined,
    note: () => void = () => undefined,
  ): Promise<void> {
    const pending = confirm === undefined ? null : pendingFor(confirm, this.model);
    const store = () =>
      this.#store.save(next, () => {
        note();
        if (pending) this.#pending.set(pending);
      });
    this.#candidate = { model: next, deadline: pending?.deadline ?? null };
    try {
      await this.#parts.engine.apply();
      store();
    } catch (error) {
      if (error instanceof EngineAway) {
        // It may be in force all the same a moment later, so what is stored is put in its place.
        this.#candidate = null;
        void this.#parts.engine.apply().catch(() => undefined);
        throw new MeshwrightError('FIREWALL_UNAVAILABLE', { reason: error.message });
      }
      if (error instanceof EngineRefused) throw refusal(error.problems, next);
      // The rules are in force; what failed is something else, which is tried again without us.
      store();
      throw error;
    } finally {
      this.#candidate = null;
      if (pending && this.pending) this.#arm(pending);
      this.#names.watch(this.resolution().hosts);
    }
  }

  #settled(): void {
    for (const listener of this.#listeners) listener();
  }

  #arm(pending: Pending): void {
    this.#disarm();
    this.#timer = setTimeout(
      () => {
        void this.#inTurn(async () => {
          if (this.pending?.id === pending.id) await this.#revert('nobody confirmed it in time');
        }).catch(() => undefined);
      },
      Math.max(0, pending.deadline - Date.now()),
    );
  }

  #disarm(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #revert(why: string): Promise<void> {
    const pending = this.pending;
    if (!pending) return;
    this.#disarm();
    this.#store.save(pending.before, () => this.#pending.clear());
    this.#names.watch(this.resolution().hosts);
    this.#parts.tell('firewall_reverted', `A firewall change was undone: ${why}.`);
    this.#settled();
    await this.#applyStored();
  }

  #refuseWhilePending(): void {
    const { pending } = this;
    if (!pending) return;
    const seconds = Math.max(0, Math.ceil((pending.deadline - Date.now()) / 1000));
    throw new MeshwrightError('FIREWALL_UNCONFIRMED', { seconds });
  }

  #namesMoved(changed: readonly { host: string; addresses: readonly string[] }[]): void {
    for (const { host, addresses } of changed)
      this.#parts.tell('fwset_dns_update', `${host} is now ${addresses.join(', ')}; sets with it follow.`);
    void this.reapply().catch(() => undefined);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}

const identity = ({ kind, of, why }: Problem): string => `${kind} ${of} ${why}`;

const allRules = (model: FirewallModel) => [...model.rules, ...model.subtables.flatMap(({ rules }) => rules)];

const userName = ({ kind, of, text }: Problem): string => (kind === 'rule' ? text : `set ${of}`);

function asError({ kind, of, text, why }: Problem): MeshwrightError {
  return kind === 'rule'
    ? new MeshwrightError('RULE_INVALID', { field: 'rule', rule: text, why })
    : new MeshwrightError('FWSET_ENTRY_INVALID', { field: 'entries', entry: text, name: of, why });
}

function refusal(problems: readonly FirewallProblem[], model: FirewallModel): MeshwrightError {
  const { rule = null, set = null, message = 'no reason given' } = problems[0] ?? {};
  const text = allRules(model).find(({ id }) => id === rule)?.text;
  if (text !== undefined)
    return new MeshwrightError('RULE_INVALID', { field: 'rule', rule: text, why: message });
  return new MeshwrightError('FIREWALL_REFUSED', {
    reason: set === null ? message : `set ${set}: ${message}`,
  });
}

function refuseFailures(model: FirewallModel, check: FirewallCheck | null): void {
  if (!check) return;
  if (check.problems.length > 0) throw refusal(check.problems, model);
  const failed = check.tests.find(({ got }, at) => got !== model.tests[at]?.expect);
  if (!failed) return;
  const expected =
    model.tests.find(({ name }) => name === failed.name)?.expect === 'pass' ? 'pass' : 'be dropped';
  const got =
    failed.got === null
      ? `it could not be run: ${failed.detail}`
      : `it would ${failed.got === 'pass' ? 'pass' : 'be dropped'}`;
  throw new MeshwrightError('FIREWALL_TEST_FAILED', { name: failed.name, expected, got });
}

function silent(error: Error): never {
  throw new MeshwrightError('FIREWALL_SILENT', { reason: error.message });
}

function refusedOrSilent(error: Error, model: FirewallModel): never {
  if (error instanceof EngineRefused) throw refusal(error.problems, model);
  if (error instanceof EngineAway) return silent(error);
  throw error;
}

function pendingFor(seconds: number, before: FirewallModel): Pending {
  const id = randomBytes(8).toString('hex');
  return { id, deadline: Date.now() + seconds * 1000, seconds, before };
}
