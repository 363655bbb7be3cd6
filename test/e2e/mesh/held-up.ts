import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { startFlow, stopFlows } from '../../support/flow.ts';
import { sharedLab } from '../../support/lab.ts';
import { eventually } from '../../support/until.ts';

/*
 *     site 1 ---- [ 1 ]     x     [ 2 ] ---- site 2
 *                    \\
 *                      ==== [ 3 ] ---- site 3        2 is cut off: between 1 and 3 there is one way alone
 */
const lab = sharedLab();
afterAll(stopFlows);

/** Longer than any detection time of a fresh lab, and as long as the kernel now and then holds up a busy machine. */
const HELD_UP_MS = 250;

const sessions = async () =>
  Promise.all([
    lab.link(1, 3).then(({ bgp, bfd }) => ({ bgp: bgp.since, bfd: bfd.since })),
    lab.link(3, 1).then(({ bgp, bfd }) => ({ bgp: bgp.since, bfd: bfd.since })),
  ]);

describe('BIRD that the machine holds up for a moment, where there is no other way', () => {
  it('costs that moment, no session, and is told', async () => {
    await lab.untilAllUp();
    await lab.cut(2);
    await Promise.all([1, 3].map((id) => lab.untilLink(id, 2, 'down')));
    const flow = await startFlow(lab, 1, 3, 5);
    const before = await sessions();
    const marks = await lab.mark();
    const bird = lab.processes(1).find(({ name }) => name === 'bird')!.pid;

    process.kill(bird, 'SIGSTOP');
    await pause(HELD_UP_MS);
    process.kill(bird, 'SIGCONT');

    await flow.untilFlowing();
    expect((await flow.stop()).longestGapMs).toBeLessThan(2 * HELD_UP_MS);
    for (const [id, other] of [
      [1, 3],
      [3, 1],
    ] as const) {
      await eventually(
        `controller ${id} tells of it`,
        async () => {
          const told = await lab.events(id, marks.get(id));
          const ofLink = told.filter(({ kind, peer }) => kind.startsWith('link_') && peer === other);
          expect(ofLink.map(({ kind }) => kind)).toEqual(['link_down', 'link_up']);
        },
        { within: 10 },
      );
    }
    const after = await sessions();
    for (const [index, { bgp, bfd }] of after.entries()) {
      expect(bfd).toBeGreaterThan(before[index]!.bfd!);
      expect(bgp).toBe(before[index]!.bgp);
    }
    await lab.heal();
    await lab.untilAllUp(60);
    await lab.untilReachable();
  });
});
