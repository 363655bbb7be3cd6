import { describe, expect, it } from 'vitest';
import { sharedLab } from '../../support/lab.ts';
import { eventually, holds } from '../../support/until.ts';

/*
 *         [ 1 ]            partitions:   1 | 2 3        each side changes its names meanwhile;
 *        /     \                         1 | 2 | 3      afterwards all know all
 *     [ 2 ]---[ 3 ]
 */
const lab = sharedLab();

const name = (id: number, text: string) => lab.api(id).put('/config', { controller_name: text });

/** Names of controllers 1 to 3 as controller `id` knows them. */
async function names(id: number): Promise<(string | null)[]> {
  const { members } = await lab.mesh(id);
  return [1, 2, 3].map((other) => members.find((member) => member.id === other)?.name ?? null);
}

async function untilNames(ids: readonly number[], wanted: readonly string[], within = 40): Promise<void> {
  for (const id of ids) {
    await eventually(
      `controller ${id} knows ${wanted.join(', ')}`,
      async () => expect(await names(id)).toEqual(wanted),
      { within },
    );
  }
}

describe('what members say about themselves', () => {
  it('is known everywhere', async () => {
    await lab.untilAllUp();
    await untilNames([1, 2, 3], ['mwlab-c1', 'mwlab-c2', 'mwlab-c3']);
    // A name may also be told in a hello; one that changes while the links are up comes by the records alone.
    for (const [id, text] of [
      [1, 'one'],
      [2, 'two'],
      [3, 'three'],
    ] as const)
      await name(id, text);
    await untilNames([1, 2, 3], ['one', 'two', 'three']);
  });

  it('stays on its side of a partition, and converges after it', async () => {
    await lab.cut(1);
    for (const other of [2, 3])
      await eventually('1 is cut off', async () => expect(await lab.way(1, other)).toBe('none'), {
        within: 15,
      });
    await name(1, 'alone');
    await name(2, 'second');
    await name(3, 'third');
    await untilNames([2, 3], ['one', 'second', 'third']);
    await holds(
      'nothing crosses the cut',
      async () => expect(await names(1)).toEqual(['alone', 'two', 'three']),
      { lasting: 5, everyMs: 1000 },
    );
    await lab.heal();
    await untilNames([1, 2, 3], ['alone', 'second', 'third']);
  });

  it('converges after every one was alone, and over the death of processes', async () => {
    await lab.cut(1);
    await lab.cut(2, 3);
    for (const [id, other] of [
      [1, 2],
      [2, 3],
      [3, 1],
    ] as const)
      await eventually('all are alone', async () => expect(await lab.way(id, other)).toBe('none'), {
        within: 15,
      });
    for (const round of ['x', 'y', 'z']) for (const id of [1, 2, 3]) await name(id, `${round}${id}`);
    lab.kill(2, 'controller');
    await lab.heal();
    await untilNames([1, 2, 3], ['z1', 'z2', 'z3']);
    await lab.untilAllUp();
  });

  it('holds nothing of what is local to a controller', async () => {
    await lab.api(1).put('/config', { ntp_hosts: 'time.one.example' });
    await name(1, 'last');
    await untilNames([2, 3], ['last', 'z2', 'z3']);
    for (const id of [2, 3])
      expect(await lab.api(id).get('/config')).toMatchObject({ ntp_hosts: '', controller_name: `z${id}` });
  });
});
