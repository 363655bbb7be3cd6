import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WirePack } from '../../src/api/resources/clientpack-wire.ts';
import type { NativePack } from '../../src/api/resources/mesh-clientpack-shape.ts';
import { RefusedError } from '../../src/cli/cli-error.ts';
import { foundTopology, joinTopology, peer } from '../../src/lab/mesh-setup.ts';
import { attempt } from '../../src/lab/program.ts';
import { createAuthority, issueLicense } from '../../src/license/authority.ts';
import { http } from '../support/http.ts';
import { TOKEN, testLab } from '../support/lab.ts';
import { eventually, until } from '../support/until.ts';

/*
 *         [ 1 ]      licence of an authority made here: 12 clients, later 18;
 *        /     \     controller 1 founded the topology and is home of all packs at first
 *     [ 2 ]---[ 3 ]  partition: 1 | 2 3
 */
const IDS = [1, 2, 3];
const authority = createAuthority();
const license = (clients: number) =>
  issueLicense({ issuedTo: 'End-to-end test', controllers: 3, clients }, authority.privateKeyPem);
const directory = mkdtempSync(`${tmpdir()}/meshwright-packs-`);

const lab = testLab({ fresh: true }, async (fresh) => {
  for (const id of IDS) {
    const trusted = `${fresh.plan(id).directory}/etc/meshwright/authorities.d`;
    mkdirSync(trusted, { recursive: true });
    writeFileSync(`${trusted}/test.pem`, authority.publicKeyPem);
  }
  writeFileSync(`${directory}/license`, license(12));
  const members = IDS.map((id) => fresh.member(id));
  await foundTopology(members[0]!, `${directory}/license`, TOKEN);
  await Promise.all(members.slice(1).map((one) => joinTopology(one, members[0]!.plan.underlay, TOKEN)));
  await Promise.all(members.map((one) => peer(one, members)));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const packs = (id: number) => lab.api(id).get<Record<string, WirePack>>('/clientpacks');
const native = (id: number) => lab.api(id).get<NativePack[]>('/mesh/clientpacks');
const next = (id: number) => lab.api(id).post<WirePack>('/clientpacks/next_available', {});

/** The same list on every controller, with texts in which every controller is named. */
async function untilEqual(within = 40): Promise<Record<string, WirePack>> {
  return until(
    'all controllers show the same packs',
    async () => {
      const [first, ...others] = await Promise.all(IDS.map(packs));
      for (const other of others) expect(other).toEqual(first);
      expect(Object.values(first!).every(({ conf_sha1 }) => conf_sha1 !== '')).toBe(true);
      return first!;
    },
    { within, everyMs: 300 },
  );
}

async function untilShared(shares: Record<number, number>): Promise<void> {
  for (const id of IDS) {
    await eventually(
      `controller ${id} knows the shares`,
      async () => {
        const homes = Map.groupBy(await native(id), ({ home }) => home);
        expect(Object.fromEntries([...homes].map(([home, all]) => [home, all.length]))).toEqual(shares);
      },
      { within: 40 },
    );
  }
}

/** A download as a client of the API gets it. */
async function download(id: number, file: string): Promise<Buffer> {
  const { password } = lab.state.controllers.find((one) => one.id === id)!;
  const path = `/api/clientpack/${file}`;
  const answer = await http(lab.plan(id).loopback, { path, password });
  expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/octet-stream']);
  return answer.bytes;
}

const sha1 = (bytes: Buffer) => createHash('sha1').update(bytes).digest('hex');

describe('clientpacks', () => {
  beforeAll(() => lab.untilAllUp(60), 90_000);

  it('are the same bytes on every controller, and archives that the usual tools open', async () => {
    const list = await untilEqual();
    expect(Object.keys(list)).toHaveLength(12);
    const pack = Object.values(list)[4]!;
    for (const [file, digest] of [
      [pack.linux_onefile, pack.conf_sha1],
      [pack.windows_onefile, pack.ovpn_sha1],
      [`${pack.name}.tarball`, pack.tarball_sha1],
      [pack.zip_file, pack.zip_sha1],
    ] as const)
      for (const id of IDS) expect(sha1(await download(id, file))).toBe(digest);
    const conf = (await download(1, pack.linux_onefile)).toString();
    for (const id of IDS) expect(conf).toContain(`remote ${lab.plan(id).underlay} 1194`);
    writeFileSync(`${directory}/pack.tar.gz`, await download(2, `${pack.name}.tarball`));
    writeFileSync(`${directory}/pack.zip`, await download(3, pack.zip_file));
    const tar = await attempt(['tar', '-xzOf', `${directory}/pack.tar.gz`, `${pack.name}/${pack.name}.conf`]);
    const zip = await attempt(['python3', '-m', 'zipfile', '-t', `${directory}/pack.zip`]);
    expect([tar.code, tar.stdout, zip.code]).toEqual([0, conf, 0]);
  });

  it('are never handed out twice, by three controllers at the same moment', async () => {
    await untilShared({ 1: 4, 2: 4, 3: 4 });
    const given = await Promise.all([1, 2, 3, 1, 2, 3].map(next));
    expect(new Set(given.map(({ name }) => name)).size).toBe(6);
    for (const pack of given) expect(pack.checked_out).toBe(true);
    const list = await untilEqual();
    expect(Object.values(list).filter(({ checked_out }) => checked_out)).toHaveLength(6);
  });

  it('are handed out of the own share alone by a controller that is cut off', async () => {
    await lab.cut(1);
    for (const other of [2, 3])
      await eventually('1 is cut off', async () => expect(await lab.way(1, other)).toBe('none'), {
        within: 15,
      });
    const free = (await native(1)).filter(({ checked_out }) => !checked_out);
    const own = free.filter(({ home }) => home === 1).length;
    const alone = [];
    for (let n = 0; n < own; n++) alone.push(await next(1));
    const refused = await next(1).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RefusedError);
    expect(refused).toMatchObject({ status: 403, code: 'PACKS_ELSEWHERE' });
    const others = [];
    for (let n = own; n < free.length; n++) others.push(await next(n % 2 === 0 ? 2 : 3));
    await expect(next(2)).rejects.toMatchObject({ status: 403 });
    const names = [...alone, ...others].map(({ name }) => name);
    expect(new Set(names).size).toBe(free.length);
    await lab.heal();
    await lab.untilAllUp();
    const list = await untilEqual();
    expect(Object.values(list).every(({ checked_out }) => checked_out)).toBe(true);
    await expect(next(3)).rejects.toMatchObject({ code: 'PACKS_NONE' });
  });

  it('get new credentials everywhere, also on a controller that was cut off meanwhile', async () => {
    const before = Object.values(await untilEqual())[0]!;
    await lab.cut(3);
    await eventually('3 is cut off', async () => expect(await lab.way(2, 3)).toBe('none'), { within: 15 });
    const { token } = await lab
      .api(2)
      .put<{ token: string }>('/clientpack', { name: before.name, regenerate: true });
    await until(
      'the task ends',
      async () =>
        (await lab.api(2).get<{ task_status: string }>(`/status/task?token=${token}`)).task_status ===
        'finished_ok',
      { within: 20 },
    );
    const renewed = (await packs(1))[before.overlay_ipaddress]!;
    expect(renewed.conf_sha1).not.toBe(before.conf_sha1);
    expect((await packs(3))[before.overlay_ipaddress]!.conf_sha1).toBe(before.conf_sha1);
    await lab.heal();
    await lab.untilAllUp();
    expect((await untilEqual())[before.overlay_ipaddress]!.conf_sha1).toBe(renewed.conf_sha1);
  });

  it('that an upgrade brings have one text, in whatever order it is uploaded', async () => {
    const text = license(18);
    for (const id of [3, 2, 1]) await lab.api(id).call('PUT', '/license/upgrade', { text });
    const list = await untilEqual();
    expect(Object.keys(list)).toHaveLength(18);
    const fresh = Object.values(list).at(-1)!;
    for (const id of IDS) expect(sha1(await download(id, fresh.linux_onefile))).toBe(fresh.conf_sha1);
  });

  it('belong to somebody else once their dead home was taken over', async () => {
    const free = (await native(2)).filter(({ checked_out }) => !checked_out).length;
    expect(free).toBe(6);
    await untilShared({ 1: 6, 2: 6, 3: 6 });
    await expect(lab.api(2).post('/mesh/controllers/3/take-over-packs')).rejects.toMatchObject({
      code: 'PACK_HOME_ALIVE',
    });
    await lab.powerOff(3);
    await eventually('3 is gone', async () => expect(await lab.way(2, 3)).toBe('none'), { within: 15 });
    await lab.api(2).post('/mesh/controllers/3/take-over-packs');
    const given = new Set<string>();
    for (let n = 0; n < free; n++) given.add((await next(n % 2 === 0 ? 1 : 2)).name);
    expect(given.size).toBe(free);
  });
});
