import { beforeAll, describe, expect, it } from 'vitest';
import { clientsOf, downloadPack, packsNameAll } from '../../src/lab/packs.ts';
import type { Ipv4 } from '../../src/net/ipv4.ts';
import { ipv6Of, parseUla, type Ula } from '../../src/topology/overlay-ipv6.ts';
import { holderOf, TestClient, untilHeldBy } from '../support/client.ts';
import { testLab } from '../support/lab.ts';
import { eventually, until } from '../support/until.ts';

/*
 *       ovpn ---- [ 1 ] ============ [ 2 ] ---- phone      each client also has fd12:3456:789a::<its IPv4 address>
 *                    \\\            ///
 *         ha =========[ 3 ]=========                       ha has a tunnel to each controller, first choice 1
 */
const lab = testLab();
const CONTROLLERS = ['100.127.255.253', '100.127.255.252', '100.127.255.251'];
const VIP = '100.127.255.254';
let ula: Ula;
let ovpn: TestClient;
let ha: TestClient;
let phone: TestClient;
let spare: string;

const at = (address: string) => ipv6Of(ula, address as Ipv4);
const print = async (id: number, ...words: string[]) => (await lab.exec(id, ['ip', '-6', ...words])).stdout;
const switchIpv6 = (ipv6: boolean) =>
  Promise.all(lab.ids.map((id) => lab.api(id).put('/license/parameters', { ipv6 })));

/** Changes when OpenVPN's server starts anew, as it does with the switch; null while it is not there. */
async function openvpnInterface(id: number): Promise<number | null> {
  const { stdout } = await lab.exec(id, ['ip', '-j', 'link', 'show', 'dev', 'mwovpn', 'up']);
  const [device] = JSON.parse(stdout || '[]') as { ifindex?: number }[];
  return device?.ifindex ?? null;
}

beforeAll(async () => {
  await until('packs name every controller', () => packsNameAll(lab), { within: 30 });
  const checksum = (await lab.mesh(1)).controller.topology_checksum;
  const before = await Promise.all(lab.ids.map(openvpnInterface));
  await switchIpv6(true);
  await until('checksums follow', async () => (await lab.mesh(1)).controller.topology_checksum !== checksum, {
    within: 10,
  });
  await lab.untilAllUp(60);
  // Who comes before that goes to another controller.
  for (const [index, id] of lab.ids.entries()) {
    const isNew = async () => {
      const now = await openvpnInterface(id);
      return now !== null && now !== before[index];
    };
    await until(`OpenVPN of controller ${id} has started anew`, isNew, { within: 30 });
  }
  ula = parseUla(/^unreachable (\S+)/m.exec(await print(1, 'route', 'show', 'table', '1195'))?.[1] ?? '')!;
  const [first, second] = await Promise.all([clientsOf(lab, 1, 3), clientsOf(lab, 2, 1)]);
  spare = first[2]!;
  [ovpn, ha, phone] = await Promise.all([
    TestClient.boot(lab, first[0]!),
    TestClient.boot(lab, first[1]!),
    TestClient.boot(lab, second[0]!),
  ]);
});

describe('an overlay with IPv6', () => {
  it('gives each client a second address, by which everybody reaches everybody', async () => {
    await ovpn.start('openvpn');
    await ha.start('ha');
    await phone.start('wireguard');
    const all = [ovpn, ha, phone];
    for (const client of all) await client.untilReaches(at(VIP));
    await untilHeldBy(lab, ovpn.address, 1);
    await untilHeldBy(lab, phone.address, 2);
    for (const client of all) {
      for (const target of [...CONTROLLERS, ...all.map(({ address }) => address)])
        await client.untilReaches(at(target), 15);
    }
    // Large packets as well: the tunnels carry whole ones.
    const big = ['fping', '-q', '-c', '1', '-b', '1372', at(phone.address)];
    expect((await ovpn.host.exec(big)).code).toBe(0);
  });

  it('is one to its members, whose links are as they were', async () => {
    for (const id of lab.ids) {
      const { links, routes } = await lab.mesh(id);
      expect(links.map(({ state }) => state)).toEqual(['up', 'up']);
      expect(JSON.stringify(routes)).not.toContain(ula.split('::')[0]);
    }
  });

  it('takes from a client what has its own address, and keeps it away from the management', async () => {
    for (const client of [ovpn, ha, phone]) {
      const other = client === phone ? ovpn : phone;
      for (const claimed of [spare, CONTROLLERS[1]!]) {
        await client.host.exec(['ip', 'address', 'add', `${at(claimed)}/128`, 'dev', 'lo']);
        expect(await client.reaches(at(other.address), at(claimed)), `${client.address} as ${claimed}`).toBe(
          false,
        );
        await client.host.exec(['ip', 'address', 'delete', `${at(claimed)}/128`, 'dev', 'lo']);
      }
      expect(await client.reaches(at(other.address)), client.address).toBe(true);
      for (const target of [VIP, ...CONTROLLERS]) {
        for (const port of [8000, 8001])
          expect(await client.knock(at(target), port), `${client.address} to ${target}`).toBe('ECONNREFUSED');
      }
    }
  });

  it('does not lead out of the overlay', async () => {
    const site = (...words: string[]) => lab.exec({ site: 1 }, ['ip', '-6', ...words]);
    await lab.exec(1, ['ip', 'address', 'add', '2001:db8:77::1/64', 'dev', 'site0', 'nodad']);
    await site('address', 'add', '2001:db8:77::10/64', 'dev', 'eth0', 'nodad');
    await site('route', 'add', 'default', 'via', '2001:db8:77::1');
    const local = () => lab.exec(1, ['fping', '-q', '-c', '1', '2001:db8:77::10']);
    await until('the controller itself gets there', async () => (await local()).code === 0, { within: 10 });
    await ovpn.host.exec(['ip', '-6', 'route', 'add', '2001:db8:77::/64', 'dev', 'tun0']);
    expect(await ovpn.reaches('2001:db8:77::10')).toBe(false);
    expect(
      (await lab.exec({ site: 1 }, ['fping', '-q', '-c', '1', '-t', '700', at(ovpn.address)])).code,
    ).not.toBe(0);
  });

  it('keeps its addresses when a controller goes dark', async () => {
    await untilHeldBy(lab, ovpn.address, 1);
    await untilHeldBy(lab, ha.address, 1);
    const stream = ha.host.exec(['fping', '-q', '-p', '20', '-c', '400', at(phone.address)]);
    try {
      await lab.cut(1);
      const { stderr } = await stream;
      // A packet each 20 ms. BFD needs some four of them, and the test says no more than that it was BFD.
      expect(400 - Number(/xmt\/rcv\/%loss = 400\/(\d+)/.exec(stderr)?.[1]), stderr).toBeLessThan(25);
      for (const client of [ovpn, ha]) {
        await client.untilReaches(at(phone.address), 30);
        await client.untilReaches(at(CONTROLLERS[2]!), 10);
        await phone.untilReaches(at(client.address), 10);
      }
      await ovpn.untilReaches(at(ha.address), 10);
      expect(await holderOf(lab, 2, ovpn.address)).not.toBe(1);
    } finally {
      await lab.heal();
    }
    await lab.untilReachable(60);
    await untilHeldBy(lab, ha.address, 1, 60);
    await ha.untilReaches(at(CONTROLLERS[0]!), 30);
    await ovpn.untilReaches(at(CONTROLLERS[0]!), 30);
  });

  it('lets a client go with both of its addresses, and takes it back with both', async () => {
    const held = async () => (await print(3, 'route', 'show', 'table', '1195')).includes(at(ovpn.address));
    expect(await held()).toBe(true);
    ovpn.host.silence();
    await until('nobody has it', async () => !(await held()), { within: 20 });
    ovpn.again();
    await ovpn.untilReaches(at(phone.address), 30);
  });

  it('is gone without a trace when it is switched off, and the rest goes on', async () => {
    await switchIpv6(false);
    for (const id of lab.ids) {
      await eventually(
        `controller ${id} has no IPv6 of ours`,
        async () => {
          expect(await print(id, 'address', 'show', 'dev', 'lo')).not.toContain('fd');
          expect(await print(id, 'rule', 'show')).not.toMatch(/^19/m);
        },
        { within: 20 },
      );
    }
    await lab.untilAllUp(60);
    await ha.untilReaches(phone.address, 30);
    await ovpn.untilReaches(phone.address, 30);
    expect(await ovpn.reaches(at(phone.address))).toBe(false);
    const [file] = await downloadPack(lab, phone.address, 'wireguard');
    expect(file!.text).not.toContain(ula);
  });
});
