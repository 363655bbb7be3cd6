import { beforeAll, describe, expect, it } from 'vitest';
import type { WireClient, WirePack } from '../../src/api/resources/clientpack-wire.ts';
import type { NativePack } from '../../src/api/resources/mesh-clientpack-shape.ts';
import { servicesDirectory } from '../../src/cli/serve/services.ts';
import { clientsOf, downloadPack, packsNameAll } from '../../src/lab/packs.ts';
import type { MeshStatus } from '../../src/observe/mesh-status.ts';
import { holderOf, TestClient, untilHeldBy } from '../support/client.ts';
import { testLab } from '../support/lab.ts';
import { eventually, holds, until } from '../support/until.ts';

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
/** When the first three were attached. */
let attachedAt: number;

beforeAll(async () => {
  await until('packs name every controller', () => packsNameAll(lab), { within: 30 });
  // A WireGuard pack has the networks that members have told, and is not told of others later.
  await until('packs have every site', () => packHasSites(), { within: 30 });
  const addresses = await until('packs are there', () => clientsOf(lab, 1, 6), { within: 20 });
  [ovpn, ha, phone, late] = (await Promise.all(
    addresses.slice(0, 4).map((address) => TestClient.boot(lab, address)),
  )) as [TestClient, TestClient, TestClient, TestClient];
  spare = addresses.slice(4);
});

async function packHasSites(): Promise<boolean> {
  const [first] = await clientsOf(lab, 1, 1);
  const [file] = await downloadPack(lab, first!, 'wireguard');
  return lab.ids.every((id) => file!.text.includes(site(id).replace(/10$/, '0/24')));
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
    attachedAt = Date.now();
    for (const client of all) {
      for (const target of [site(1), site(2), site(3), ...all.map(({ address }) => address)])
        await client.untilReaches(target, 15);
    }
    for (const id of lab.ids) {
      for (const { address } of all)
        await until(`site ${id} reaches ${address}`, () => fromSite(id, address), { within: 15 });
    }
  });

  it('are told of a network that comes when they have just connected', async () => {
    await late.start('openvpn');
    await late.untilReaches(VIP);
    const known = async () => (await late.host.exec(['ip', 'route'])).stdout;
    await lab.api(3).post('/routes', { cidr: '10.77.0.0/24', advertise: true });
    await eventually('it has the route', async () => expect(await known()).toContain('10.77.0.0/24 via'), {
      within: 10,
    });
    expect(await known()).toContain('10.201.2.0/24 via');
    late.host.silence();
  });

  it('attach to a controller that is sealed', async () => {
    // Console and API are closed to the underlay then, so the controller is asked by its own socket.
    const seal = (sealed: boolean) => lab.local(1).put('/v2/firewall/settings', { sealed });
    try {
      await seal(true);
      late.again();
      await late.untilReaches(site(2));
      await until('controller 1 has it', async () => (await holderOf(lab, 2, late.address)) === 1, {
        within: 10,
      });
      const quick = (verb: string) =>
        phone.host.exec(['wg-quick', verb, `${phone.host.plan.directory}/wg0.conf`]);
      await quick('down');
      await quick('up');
      await phone.untilReaches(site(3));
    } finally {
      await seal(false);
      late.host.silence();
    }
    await until('it is gone', async () => (await holderOf(lab, 1, late.address)) === null, { within: 20 });
  });

  it('are shown by every controller with their holder', async () => {
    for (const { address } of [ovpn, ha, phone]) await untilHeldBy(lab, address, 1);
    for (const id of lab.ids) {
      const told = await lab.api(id).get<Record<string, WireClient>>('/status/clients');
      const packs = await lab.api(id).get<Record<string, WirePack>>('/clientpacks');
      for (const { address, host } of [ovpn, ha, phone]) {
        const ipaddress = host.plan.underlay;
        expect(told[address]).toMatchObject({ managerid: 1, overlay_ipaddress: address, ipaddress });
        expect(packs[address]).toMatchObject({ connected: true, manager_id: '1', ipaddress });
      }
    }
  });

  it.each([
    ['openvpn', () => ovpn],
    ['wireguard', () => phone],
    ['ha', () => ha],
  ] as const)('are shown with everything that their holder knows: %s', async (kind, client) => {
    const { address, host } = client();
    const { underlay } = host.plan;
    for (const id of lab.ids) {
      await eventually(
        `controller ${id} shows all of it`,
        async () => {
          const packs = await lab.api(id).get<NativePack[]>('/mesh/clientpacks');
          const shown = packs.find((pack) => pack.address === address)!.client!;
          expect(shown).toMatchObject({ holder: 1, kind });
          expect(shown.underlay).toMatch(new RegExp(`^${underlay.replaceAll('.', '\\.')}:\\d+$`));
          // The WireGuard client has shaken hands again meanwhile, which is not when it came. The OpenVPN client may have
          // been asked to connect once more, for the new network.
          const latest = kind === 'openvpn' ? Date.now() : attachedAt;
          expect(shown.since).toBeGreaterThan(attachedAt - 120_000);
          expect(shown.since).toBeLessThanOrEqual(latest);
          expect(shown.last_packet_at).toBeGreaterThan(Date.now() - 25_000);
          expect(shown.last_packet_at).toBeLessThanOrEqual(Date.now());
          expect(shown.rx_bytes).toBeGreaterThan(0);
          expect(shown.tx_bytes).toBeGreaterThan(0);
          expect(shown.rtt_ms).toBeGreaterThan(0);
          expect(shown.rtt_ms).toBeLessThan(1000);
        },
        { within: 40 },
      );
    }
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
      ovpn.again();
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

  it('with a WireGuard pack as well, and nobody shows them as connected any more', async () => {
    await untilHeldBy(lab, phone.address, 1);
    await lab.api(1).put('/clientpack', { name: nameOf(phone.address), regenerate: true });
    await untilRefused(phone);
    phone.host.silence();
    await phone.start('wireguard');
    await phone.untilReaches(VIP);
  });

  it('are shut out also while the firewall refuses everything else', async () => {
    const rules = '/usr/sbin/xtables-nft-multi';
    const isIn = async () =>
      (await lab.exec(1, ['wg', 'show', 'mwclients', 'allowed-ips'])).stdout.includes(`${phone.address}/32`);
    const set = (enabled: boolean) => lab.api(1).put('/clientpack', { name: nameOf(phone.address), enabled });
    await lab.api(1).post('/firewall/rules', { rule: 'INPUT_CUST -s 192.0.2.77 -j DROP' });
    expect(await isIn()).toBe(true);
    try {
      // Neither the engine's program works, nor is there what should be in force.
      await lab.exec(1, ['mount', '--bind', '/bin/false', rules]);
      await lab.exec(1, ['nft', 'flush', 'table', 'ip', 'filter']);
      await expect(set(false)).rejects.toThrow('The change was stored but could not be applied');
      await until('the client is shut out', async () => !(await isIn()), { within: 5 });
      await until(
        'the refusal is told',
        async () => (await lab.api(1).get<MeshStatus>('/mesh')).applier.last_error,
        { within: 15 },
      );
      // The applier's upkeep, which comes every five seconds, lets nobody in again.
      await holds('the client stays out', async () => expect(await isIn()).toBe(false), { lasting: 7 });
    } finally {
      // Lazily: the applier may be running it at this very moment.
      expect((await lab.exec(1, ['umount', '--lazy', rules])).code).toBe(0);
    }
    await set(true);
    await until('the client is back', isIn, { within: 30 });
    await phone.untilReaches(VIP, 30);
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
