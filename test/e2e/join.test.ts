import { describe, expect, it } from 'vitest';
import { cli, cliJson } from '../support/cli.ts';
import { testLab } from '../support/lab.ts';
import { eventually, until } from '../support/until.ts';

/*
 *     [ 1 ] === [ 2 ]
 *        \\     //          a mesh of three; 3 is switched off while 4 joins
 *         [ 3 ]
 *                      [ 4 ]  fresh: joins by a code of 1; dies; a fresh machine takes its place
 */
const lab = testLab({ size: 4, fresh: true }, (fresh) => fresh.found([1, 2, 3]));

interface Code {
  readonly code: string;
  readonly id: number;
  readonly expires_at: number;
}

interface Progress {
  readonly state: string;
  readonly id: number | null;
  readonly error: { code: string; message: string } | null;
}

const newCode = (...more: string[]) => cliJson<Code>(['join', '--new', '--id', '4', '--lab', '1', ...more]);
const join = (code: string) => cli(['join', code, '--lab', '4']);

async function rows(id: number): Promise<string[]> {
  const { rows } = await lab
    .api(id)
    .get<{ rows: { id: number; address: string | null; self: boolean }[] }>('/mesh/peering');
  return rows
    .filter(({ address, self }) => address !== null || self)
    .map((row) => `${row.id} ${row.address ?? 'self'}`);
}

let used: Code;
/** For another id, as a second code for the same id would end the first; good for a minute. */
let expiring: Code;

describe('a code', () => {
  it('is made for a free, licensed id only', async () => {
    await lab.untilAllUp();
    const refused = async (...argv: string[]) => (await cli(['join', '--new', '--lab', '1', ...argv])).stderr;
    expect(await refused('--id', '2')).toContain('controller 2 is already part of the topology');
    expect(await refused('--id', '1')).toContain('controller 1 is already part of the topology');
    expect((await cli(['join', '--new', '--lab', '4', '--id', '4'])).stderr).toContain(
      'Must be licensed first.',
    );
    expiring = await lab.api(1).post<Code>('/mesh/join-codes', { id: 5, ttl: 60 });
    expect(expiring.expires_at).toBeGreaterThan(Date.now());
  });

  it('is refused on the new controller when it is garbled', async () => {
    const { code } = await newCode();
    const [prefix, payload] = code.split('.') as [string, string];
    const value = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { s: string; n: string };
    const forged = (change: object) =>
      `${prefix}.${Buffer.from(JSON.stringify({ ...value, ...change })).toString('base64url')}`;
    const cases: [string, string][] = [
      ['hello', 'a join code starts with "mwjoin1."'],
      [code.slice(0, -9), 'a join code starts with "mwjoin1."'],
      [forged({ s: 'A'.repeat(22) }), 'This join code is not valid here: wrong, expired or revoked'],
      [forged({ n: '0'.repeat(16) }), 'This join code is not valid here: wrong, expired or revoked'],
      [forged({ a: ['10.195.0.222'] }), 'cannot be reached'],
    ];
    for (const [text, words] of cases) {
      const { code: exit, stderr } = await join(text);
      expect(stderr).toContain(words);
      expect(exit).toBe(4);
    }
    expect((await lab.mesh(4)).controller).toMatchObject({ id: null, licensed: false, keyset: 'absent' });
  });

  it('is refused after it was revoked', async () => {
    const { code } = await newCode();
    const [open] = await lab
      .api(1)
      .get<{ name: string; id: number }[]>('/mesh/join-codes')
      .then((all) => all.filter(({ id }) => id === 4));
    await lab.api(1).delete(`/mesh/join-codes/${open!.name}`);
    const { stderr } = await join(code);
    expect(stderr).toContain('This join code is not valid here');
  });
});

describe('a controller that joins', () => {
  it('is a member after one command on each side, while a member is switched off', async () => {
    await lab.powerOff(3);
    used = await newCode();
    const { code, stdout, stderr } = await join(used.code);
    expect(code, stderr).toBe(0);
    expect(stdout).toBe('This is controller 4 of the topology now.\n');
    await lab.untilLink(1, 4, 'up', 30);
    await lab.untilLink(2, 4, 'up', 30);
    expect(await rows(1)).toEqual(['1 self', '2 10.195.0.2', '3 10.195.0.3', '4 10.195.0.4']);
    expect(await rows(2)).toEqual(['1 10.195.0.1', '2 self', '3 10.195.0.3', '4 10.195.0.4']);
    expect(await rows(4)).toEqual(['1 10.195.0.1', '2 10.195.0.2', '3 10.195.0.3', '4 self']);
    const [one, four] = await Promise.all([1, 4].map((id) => lab.mesh(id)));
    expect(four!.controller.topology_checksum).toBe(one!.controller.topology_checksum);
    expect((await lab.api(4).get<Progress>('/mesh/join')).error).toBeNull();
  });

  it('is found by the member that was off', async () => {
    await lab.powerOn(3);
    await lab.untilLink(3, 4, 'up', 60);
    await lab.untilAllUp();
    expect(await rows(3)).toEqual(['1 10.195.0.1', '2 10.195.0.2', '3 self', '4 10.195.0.4']);
    await lab.api(4).post('/routes', { cidr: '10.201.4.0/24', advertise: true });
    await lab.untilReachable();
  });

  it('does not join twice', async () => {
    const { code, stderr } = await join(used.code);
    expect(stderr).toContain('This controller already belongs to a topology');
    expect(code).toBe(4);
  });
});

describe('a member whose row was removed by hand', () => {
  it('does not get it again', async () => {
    await lab.api(2).delete('/peering/peers/4');
    await lab.api(1).put('/config', { controller_name: 'renamed' });
    await eventually(
      'a change of the records arrives at controller 2',
      async () => expect((await lab.mesh(2)).members.find(({ id }) => id === 1)?.name).toBe('renamed'),
      { within: 40 },
    );
    expect(await rows(2)).not.toContain('4 10.195.0.4');
    await lab.api(2).post('/peering/peers', { id: 4, name: '10.195.0.4' });
    await lab.untilAllUp();
  });
});

describe('a dead controller', () => {
  it('does not make room for a second use of its code', async () => {
    await lab.reinstall(4);
    const { code, stderr } = await join(used.code);
    expect(stderr).toContain('This join code was used by another machine');
    expect(code).toBe(4);
  });

  it('is not replaced by an expired code', async () => {
    await until('the code has expired', () => Date.now() > expiring.expires_at, { within: 60 });
    const { code, stderr } = await join(expiring.code);
    expect(stderr).toContain('This join code is not valid here: wrong, expired or revoked');
    expect(code).toBe(4);
  });

  it('is replaced under the same id only when that is said', async () => {
    const without = await cli(['join', '--new', '--id', '4', '--lab', '1']);
    expect(without.stderr).toContain('controller 4 is already part of the topology');
    expect(without.code).toBe(4);

    const marks = await lab.mark();
    const { code } = await newCode('--replace');
    const joined = await join(code);
    expect(joined.code, joined.stderr).toBe(0);
    for (const id of [1, 2, 3]) await lab.untilLink(id, 4, 'up', 40);
    await lab.untilAllUp();
    await lab.api(4).post('/routes', { cidr: '10.201.4.0/24', advertise: true });
    await lab.untilReachable();
    await lab.expectNo(['identity_clash'], marks);
    await lab.expectNo(['link_down'], marks, [1, 2, 3]);
  });
});
