import { beforeAll, describe, expect, it } from 'vitest';
import { servicesDirectory } from '../../src/cli/serve/services.ts';
import { clientsOf, packsNameAll } from '../../src/lab/packs.ts';
import { holderOf, TestClient, untilHeldBy } from '../support/client.ts';
import { testLab } from '../support/lab.ts';
import { eventually, until } from '../support/until.ts';

/*
 *     site 1 ---- [ 1 ] ================ [ 2 ] ---- site 2       clients on the same internet, with stock programs:
 *                   |  \\               //
 *        ovpn ------+   \\             //                        ovpn  openvpn, first choice controller 1
 *        ha ========+=====[ 3 ] =======+==== ha                  ha    wg + bird, a tunnel to each controller
 *        phone -----+       |                                    phone wg-quick, knows controller 1 only
 *                        site 3                                  late  whatever a test needs
 */
const lab = testLab();
const VIP = '100.127.255.254';
const site = (id: number) => `10.201.${id}.10`;
const nameOf = (address: string) => address.replaceAll('.', '_');
let ovpn: TestClient;
let ha: TestClient;
let phone: TestClient;
let late: TestClient;
let spare: string[];

beforeAll(async () => {
  await until('packs name every controller', () => packsNameAll(lab), { within: 30 });
  // OpenVPN tells its clients of networks when they connect, and not again.
  for (const id of lab.ids)
    await until(`${id} tells clients of every site`, () => tellsAll(id), { within: 30 });
  const addresses = await until('packs are there', () => clientsOf(lab, 1, 6), { within: 20 });
  [ovpn, ha, phone, late] = (await Promise.all(
    addresses.slice(0, 4).map((address) => TestClient.boot(lab, address)),
  )) as [TestClient, TestClient, TestClient, TestClient];
  spare = addresses.slice(4);
});

async function tellsAll(id: number): Promise<boolean> {
  const directory = '/run/meshwright-applier/openvpn/clients';
  const { stdout } = await lab.exec(id, ['sh', '-c', `cat ${directory}/100_127_255_2_*`]);
  return lab.ids.every((one) => stdout.includes(`route ${site(one).replace(/10$/, '0')} `));
}

const fromSite = async (id: number, target: string) =>
  (await lab.exec({ site: id }, ['fping', '-q', '-c', '1', '-t', '700', target])).code === 0;
const service = (id: number, ...words: string[]) =>
  lab.exec(id, ['sv', ...words.slice(0, -1), `${servicesDirectory}/enabled/${words.at(-1)}`]);
/** The device by which a controller sends to an address now. */
const deviceTo = async (id: number, address: string) =>
  /dev (\S+)/.exec((await lab.exec(id, ['ip', 'route', 'get', address])).stdout)?.[1] ?? null;

/** A client that is cut may find a controller which has not heard of it yet, and is cut there as well. */
const untilRefused = (client: TestClient) =>
  eventually(
    `${client.address} is refused everywhere`,
    async () => {
      expect(await client.reaches(VIP)).toBe(false);
      for (const id of lab.ids) expect(await holderOf(lab, id, client.address)).toBeNull();
    },
    { within: 5 },
  );

describe('overlay clients', () => {
  it('attach with each kind of pack, and everybody reaches everybody', async () => {
    await ovpn.start('openvpn');
    await ha.start('ha');
    await phone.start('wireguard');
    const all = [ovpn, ha, phone];
    for (const client of all) await client.untilReaches(VIP);
    for (const client of all) {
      for (const target of [site(1), site(2), site(3), ...all.map(({ address }) => address)])
        await client.untilReaches(target, 15);
    }
    for (const id of lab.ids) {
      for (const { address } of all)
        await until(`site ${id} reaches ${address}`, () => fromSite(id, address), { within: 15 });
    }
  });

  it('are shown by every controller with their holder', async () => {
    for (const { address } of [ovpn, ha, phone]) await untilHeldBy(lab, address, 1);
    const told = await lab.api(3).get<Record<string, { ipaddress: string }>>('/status/clients');
    expect(told[ovpn.address]?.ipaddress).toBe(ovpn.host.plan.underlay);
    expect(told[ha.address]?.ipaddress).toBe(ha.host.plan.underlay);
  });

  it('send from their own address only, and do not reach the management', async () => {
    for (const client of [ovpn, ha, phone]) {
      for (const claimed of [spare[0]!, '100.127.255.252']) {
        await client.host.exec(['ip', 'address', 'add', `${claimed}/32`, 'dev', 'lo']);
        expect(await client.reaches(site(1), claimed), `${client.address} as ${claimed}`).toBe(false);
        await client.host.exec(['ip', 'address', 'delete', `${claimed}/32`, 'dev', 'lo']);
      }
      expect(await client.reaches(site(1)), client.address).toBe(true);
      for (const target of [VIP, '100.127.255.253', '100.127.255.251']) {
        for (const port of [8000, 8001])
          expect(await client.knock(target, port), `${client.address} to ${target}`).toBe('ECONNREFUSED');
      }
    }
  });

  it('come and go while controller and applier are dead everywhere', async () => {
    try {
      for (const id of lab.ids) {
        await service(id, '-w', '10', 'force-stop', 'controller');
        await service(id, '-w', '10', 'force-stop', 'applier');
        const ours = lab
          .processes(id)
          .filter(({ argv }) => argv.some((word) => /dist\/server\/(controller|applier)\.js$/.test(word)));
        expect(ours).toEqual([]);
      }
      const { stdout } = await lab.exec(1, ['ip', 'route', 'show', 'table', '1196']);
      expect(stdout).toContain(`${ovpn.address} dev mwovpn`);
      // Its files were downloaded before; here it only starts again.
      ovpn.host.silence();
      await until('the old session is gone', async () => (await deviceTo(3, ovpn.address)) === null, {
        within: 20,
      });
      ovpn.host.start(
        ['openvpn', '--config', `${ovpn.host.plan.directory}/${nameOf(ovpn.address)}.conf`],
        'openvpn',
      );
      await ovpn.untilReaches(site(3));
      expect(await deviceTo(3, ovpn.address)).toBe('mw1');
    } finally {
      for (const id of lab.ids) {
        await service(id, 'up', 'applier');
        await service(id, 'up', 'controller');
      }
    }
    await untilHeldBy(lab, ovpn.address, 1, 40);
  });

  it('are refused while disabled, everywhere, and come back by themselves', async () => {
    const set = (enabled: boolean) => lab.api(2).put('/clientpack', { name: nameOf(ovpn.address), enabled });
    try {
      await set(false);
      await untilRefused(ovpn);
    } finally {
      await set(true);
    }
    await ovpn.untilReaches(site(2), 40);
  });

  it('are refused with credentials of before', async () => {
    await late.start('openvpn');
    await late.untilReaches(site(1));
    await lab.api(1).put('/clientpack', { name: nameOf(late.address), regenerate: true });
    await untilRefused(late);
    late.host.silence();
    await late.start('openvpn');
    await late.untilReaches(site(1));
  });

  it('are held once, by the newest, when one pack is used twice', async () => {
    const second = await TestClient.boot(lab, late.address);
    // Wherever that was: it may have changed over when its old credentials were cut.
    await until('the older one has it', () => holderOf(lab, 1, late.address), { within: 15 });
    await second.start('wireguard');
    const moved = async () => (await deviceTo(1, late.address)) === 'mwclients';
    await until('the newer one has it', moved, { within: 20 });
    late.host.silence();
    await second.untilReaches(site(2), 30);
    await second.host.remove();
  });

  it('take another controller when theirs goes dark, and keep their address', async () => {
    try {
      await lab.cut(1);
      for (const client of [ovpn, ha]) {
        await client.untilReaches(site(2), 30);
        await client.untilReaches(site(3), 10);
        await until('site 2 reaches it', () => fromSite(2, client.address), { within: 10 });
      }
      expect(await holderOf(lab, 2, ovpn.address)).not.toBe(1);
    } finally {
      await lab.heal();
    }
    await lab.untilReachable(60);
    await ha.untilReaches(site(1), 30);
  });

  it('leave a controller that is drained, and do not come back before it is undrained', async () => {
    const crowd = [ovpn, ha];
    await untilHeldBy(lab, ha.address, 1, 60);
    await lab.api(2).put('/mesh/controllers/1', { drained: true });
    for (const client of crowd) {
      await eventually(
        `${client.address} is elsewhere`,
        async () => {
          const holder = await holderOf(lab, 2, client.address);
          expect(holder).not.toBe(1);
          expect(holder).not.toBeNull();
        },
        { within: 20 },
      );
      await client.untilReaches(site(1));
    }
    const newcomer = await TestClient.boot(lab, spare[1]!);
    await newcomer.start('openvpn');
    await newcomer.untilReaches(site(2), 30);
    expect(await holderOf(lab, 2, newcomer.address)).not.toBe(1);
    await lab.api(2).put('/mesh/controllers/1', { drained: false });
    await untilHeldBy(lab, ha.address, 1, 30);
  });
});
