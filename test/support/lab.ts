import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { UpOptions } from '../../src/lab/bring-up.ts';
import { Lab } from '../../src/lab/lab.ts';
import { initPid } from '../../src/lab/machine.ts';
import { foundTopology, joinTopology, type Member, peer } from '../../src/lab/mesh-setup.ts';
import { isComplete } from '../../src/lab/ping-matrix.ts';
import type { Link, MeshEvent, MeshStatus } from '../../src/observe/mesh-status.ts';
import { until } from './until.ts';

export const TOKEN = 'a token for tests';

/** What a test sees of a running lab. */
export class TestLab extends Lab {
  get ids(): number[] {
    return this.plans.map(({ id }) => id);
  }

  get poweredIds(): number[] {
    return this.state.controllers.filter((one) => one.powered).map(({ id }) => id);
  }

  mesh(id: number): Promise<MeshStatus> {
    return this.api(id).get<MeshStatus>('/mesh');
  }

  async link(id: number, peerId: number): Promise<Link> {
    const link = (await this.mesh(id)).links.find((one) => one.peer === peerId);
    if (!link) throw new Error(`controller ${id} has no link to ${peerId}`);
    return link;
  }

  /** The way from one controller to another in the words of its status: `direct`, `via 3`, `none`. */
  async way(id: number, to: number): Promise<string> {
    const path = (await this.mesh(id)).members.find((one) => one.id === to)?.path;
    return path?.kind === 'via'
      ? `via ${path.controllers.slice(0, -1).join(' ')}`
      : (path?.kind ?? 'unknown');
  }

  /** Events after a mark, oldest first. */
  async events(id: number, after = 0): Promise<MeshEvent[]> {
    const all = await this.api(id).get<MeshEvent[]>('/mesh/events?limit=1000');
    return all.filter(({ seq }) => seq > after).reverse();
  }

  /** The sequence number of the newest event of each controller that is switched on. */
  async mark(): Promise<Map<number, number>> {
    const marks = new Map<number, number>();
    for (const id of this.poweredIds) marks.set(id, (await this.events(id)).at(-1)?.seq ?? 0);
    return marks;
  }

  /** Throws when a controller has seen an event of one of these kinds since the mark. */
  async expectNo(kinds: readonly MeshEvent['kind'][], since: ReadonlyMap<number, number>, peers?: number[]) {
    for (const [id, seq] of since) {
      const seen = (await this.events(id, seq)).filter(
        (event) => kinds.includes(event.kind) && (!peers || peers.includes(event.peer ?? 0)),
      );
      expect(seen, `events of controller ${id}`).toEqual([]);
    }
  }

  async untilReachable(within = 20): Promise<void> {
    await until(
      'every site host reaches every other',
      async () => {
        const matrix = await this.pingMatrix();
        return isComplete(matrix) || Promise.reject(new Error(JSON.stringify(plain(matrix))));
      },
      { within },
    );
  }

  async untilLink(id: number, peerId: number, state: Link['state'], within = 20): Promise<Link> {
    return until(
      `link ${id}-${peerId} is ${state}`,
      async () => {
        const link = await this.link(id, peerId);
        if (link.state !== state) throw new Error(`${link.state}: ${JSON.stringify(link.reasons)}`);
        return link;
      },
      { within },
    );
  }

  /** Every link of every controller that has an id and is switched on is up, as seen from both ends. */
  async untilAllUp(within = 30): Promise<void> {
    await until(
      'all links are up',
      async () => {
        let seen = 0;
        for (const id of this.poweredIds) {
          const { controller, links } = await this.mesh(id);
          if (controller.id === null) continue;
          const off = links.filter((link) => link.state !== 'up');
          const words = off.map(({ peer, state, reasons }) => [peer, state, reasons]);
          if (links.length === 0 || off.length > 0) throw new Error(`${id}: ${JSON.stringify(words)}`);
          seen++;
        }
        return seen > 0;
      },
      { within },
    );
  }

  /** The machine is thrown away, disk and all; a fresh one with the same address and API password stands there. */
  async reinstall(id: number): Promise<void> {
    await this.powerOff(id);
    rmSync(`${this.plan(id).directory}/lib`, { recursive: true, force: true });
    mkdirSync(`${this.plan(id).directory}/lib`);
    await this.powerOn(id);
    const answers = () =>
      this.local(id)
        .get<object>('/config')
        .catch(() => null);
    await until(`the fresh controller ${id} answers`, answers, { within: 30 });
    const { password } = this.state.controllers.find((one) => one.id === id)!;
    await this.local(id).put('/api_password', { password });
  }

  member(id: number): Member {
    return { plan: this.plan(id), client: this.api(id) };
  }

  /** Makes a mesh of some controllers of a fresh lab, the first of them as its founder. */
  async found(ids: readonly number[]): Promise<void> {
    const members = ids.map((id) => this.member(id));
    const [first, ...others] = members as [Member, ...Member[]];
    await foundTopology(first, this.state.license, TOKEN);
    await Promise.all(others.map((member) => joinTopology(member, first.plan.underlay, TOKEN)));
    await Promise.all(members.map((member) => peer(member, members)));
  }
}

const plain = (matrix: Map<number, Map<number, number | null>>) =>
  Object.fromEntries([...matrix].map(([id, row]) => [id, Object.fromEntries(row)]));

/** A lab for all tests of a file; gone afterwards whatever happened. Prints what a failure needs to be understood. */
export function testLab(options: UpOptions = {}, prepare?: (lab: TestLab) => Promise<void>): TestLab {
  const lab = new TestLab();
  beforeAll(async () => {
    try {
      await Lab.up(options);
      await prepare?.(lab);
    } catch (error) {
      await printDiagnosis(lab);
      throw error;
    }
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await printDiagnosis(lab);
  });
  afterAll(() => Lab.down());
  return lab;
}

let shared: TestLab | null = null;

/** One lab of three for all parts of a test file. */
export function sharedLab(): TestLab {
  shared ??= testLab();
  return shared;
}

const LINES = 25;

/** The logs' last lines and the mesh as each controller sees it. */
export async function printDiagnosis(lab: TestLab): Promise<void> {
  const say = (title: string, text: string) => process.stderr.write(`\n--- ${title}\n${text}\n`);
  let ids: readonly number[] = [];
  try {
    ids = lab.ids;
  } catch {
    say('lab', 'there is none');
    return;
  }
  for (const id of ids) {
    const { directory } = lab.plan(id);
    const pid = initPid(lab.plan(id));
    say(`console of ${id}`, tail(`${directory}/console.log`));
    say(`controller ${id}`, tail(`${directory}/log/meshwright/controller/current`));
    say(`applier ${id}`, tail(`${directory}/log/meshwright/applier/current`));
    say(`bird ${id}`, tail(`/proc/${pid}/root/run/meshwright-applier/bird/run/bird.log`));
    const mesh = await lab.mesh(id).then(
      (status) => {
        const members = status.members.filter((member) => member.known);
        return JSON.stringify({ ...status, members, routes: status.routes.length });
      },
      (error: Error) => error.message,
    );
    say(`GET /api/mesh of ${id}`, mesh);
    const events = await lab.events(id).then(
      (all) =>
        all
          .slice(-LINES)
          .map((event) => JSON.stringify(event))
          .join('\n'),
      (error: Error) => error.message,
    );
    say(`events of ${id}`, events);
  }
}

function tail(path: string): string {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-LINES).join('\n');
  } catch {
    return '(none)';
  }
}
