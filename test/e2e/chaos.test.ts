import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faults } from '../../chaos/faults/all.ts';
import { leftovers, namespacesInUse } from '../../chaos/leftovers.ts';
import { type Result, toResult, truthOf } from '../../chaos/result.ts';
import { runCase } from '../../chaos/run-case.ts';
import { caseAt } from '../../chaos/sequence.ts';
import { type Stage, setStage } from '../../chaos/stage.ts';
import { Lab } from '../../src/lab/lab.ts';

/*
 *     site 1 --- [ 1 ] ===== [ 2 ] --- site 2       one fault after the other, chosen by the seed;
 *                   \\       //                      `./meshwright chaos` has all faults and sizes
 *                     [ 3 ] --- site 3
 */
const SEED = 1;
const SIZE = 3;
const chosen = ['kill-bird', 'one-way-cut', 'kill-controller', 'stop-applier', 'disk-full', 'power-off'];
const results: Result[] = [];
const before = namespacesInUse();
let stage: Stage;

beforeAll(async () => {
  stage = await setStage(SIZE, () => {});
});
afterAll(async () => {
  stage?.watch.stop();
  await Lab.down();
});

describe(`a mesh that is hurt, seed ${SEED}`, () => {
  it.each(chosen)('holds what it promises through %s', async (name) => {
    const fault = faults.filter((one) => one.name === name);
    const result = toResult(await runCase(stage, caseAt(fault, SEED, SIZE, 0)));
    results.push(result);
    expect(result.failures, JSON.stringify(result)).toEqual([]);
  });

  it('tells the truth about its links meanwhile', () => {
    const wrong = results.flatMap(({ fault, truth }) => truth.wrong.map((words) => `${fault}: ${words}`));
    expect(truthOf(results), wrong.join('\n')).toBeGreaterThanOrEqual(0.999);
  });

  it('is gone without a trace afterwards', async () => {
    stage.watch.stop();
    await Lab.down();
    expect(await leftovers(before)).toEqual([]);
  });
});
