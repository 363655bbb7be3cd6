import { beforeEach, describe, expect, it } from 'vitest';
import { compile } from '../../compile/compile.ts';
import { sampleIntent } from '../../compile/sample-intent.ts';
import { type AttachedHere, attachedHere, ClientRtt, parseAnswers } from './client-rtt.ts';

const SOURCE = '100.127.255.252';
const laptop = { address: '100.127.255.193', device: 'mwovpn' };
const phone = { address: '100.127.255.194', device: 'mwclients' };

/** Who was asked, process by process. */
let asked: (readonly string[])[];
let silent: Set<string>;
let rtt: ClientRtt;
beforeEach(() => {
  asked = [];
  silent = new Set();
  rtt = new ClientRtt(async (addresses, source) => {
    expect(source).toBe(SOURCE);
    asked.push(addresses);
    return addresses
      .map((address) => (silent.has(address) ? `${address} is unreachable` : `${address} is alive (0.52 ms)`))
      .join('\n');
  });
});
const look = (attached: readonly AttachedHere[], second: number) => rtt.look(attached, SOURCE, second * 1000);
/** What the applier's upkeep does, from one second to another. */
async function upkeep(attached: readonly AttachedHere[], from: number, to: number): Promise<void> {
  for (let second = from; second <= to; second += 5) await look(attached, second);
}

describe('round trips to clients', () => {
  it('start no process while nobody is attached', async () => {
    await upkeep([], 0, 120);
    expect(asked).toEqual([]);
    await look([laptop], 125);
    await upkeep([], 130, 240);
    expect(asked).toEqual([[laptop.address]]);
    expect(rtt.of(laptop.address, laptop.device)).toBeNull();
  });

  it('are measured at once when somebody comes, and all together every half minute after that', async () => {
    await look([laptop], 0);
    expect(rtt.of(laptop.address, laptop.device)).toBe(0.52);
    await upkeep([laptop, phone], 5, 25);
    expect(asked).toEqual([[laptop.address], [phone.address]]);
    await upkeep([laptop, phone], 30, 55);
    expect(asked.slice(2)).toEqual([[laptop.address, phone.address]]);
    await upkeep([laptop, phone], 60, 115);
    expect(asked).toHaveLength(5);
  });

  it('are tried again soon for a client that was not ready, and seldom for one that never answers', async () => {
    silent.add(phone.address);
    await look([phone], 0);
    expect(rtt.of(phone.address, phone.device)).toBeNull();
    silent.clear();
    await look([phone], 5);
    expect(rtt.of(phone.address, phone.device)).toBe(0.52);
    silent.add(laptop.address);
    asked = [];
    await upkeep([laptop], 10, 190);
    expect(asked).toHaveLength(3 + 5);
    expect(rtt.of(laptop.address, laptop.device)).toBeNull();
  });

  it('are not known any more when the client falls silent or comes by another tunnel', async () => {
    await look([laptop, phone], 0);
    silent.add(phone.address);
    await look([laptop, phone], 30);
    expect(rtt.of(phone.address, phone.device)).toBeNull();
    const moved = { ...laptop, device: 'mwclients' };
    expect(rtt.of(moved.address, moved.device)).toBeNull();
    silent.add(laptop.address);
    await look([moved, phone], 35);
    expect(asked.at(-1)).toContain(moved.address);
    expect(rtt.of(moved.address, moved.device)).toBeNull();
  });

  it('need one process at a time, which fails without harm', async () => {
    let fail = (_: Error) => {};
    let started = 0;
    const failing = new ClientRtt(() => {
      started++;
      return new Promise((_, reject) => (fail = reject));
    });
    const first = failing.look([laptop], SOURCE, 0);
    await failing.look([laptop, phone], SOURCE, 40_000);
    expect(started).toBe(1);
    fail(new Error('there is no fping'));
    await first;
    expect(failing.of(laptop.address, laptop.device)).toBeNull();
    void failing.look([laptop, phone], SOURCE, 45_000);
    expect(started).toBe(2);
  });

  it('are measured for a thousand at a time, and for all others next', async () => {
    const crowd = Array.from({ length: 1500 }, (_, n) => ({
      address: `10.0.${n >> 8}.${n & 255}`,
      device: 'mwovpn',
    }));
    await upkeep(crowd, 0, 5);
    expect(asked.map((addresses) => addresses.length)).toEqual([1000, 500]);
    expect(new Set(asked.flat()).size).toBe(1500);
  });

  it('are asked of clients whose packets leave by their own tunnel', () => {
    const state = compile(sampleIntent());
    const client = state.clients!.list[0]!.address;
    const route = (dst: string, dev: string) => ({ dst, dev, protocol: 'bird' });
    expect(attachedHere([route(client, 'mwclients')], state)).toEqual([
      { address: client, device: 'mwclients' },
    ]);
    expect(attachedHere([route(client, 'mw3'), route('10.9.9.9', 'mwovpn')], state)).toEqual([]);
    const { clients: _, ...without } = state;
    expect(attachedHere([route(client, 'mwclients')], without)).toEqual([]);
  });

  it('are read from what fping prints', () => {
    const text = `100.127.255.193 is alive (0.029 ms)
100.127.255.194 is unreachable
ICMP Host Unreachable from 10.0.0.1 for ICMP Echo sent to 100.127.255.194
100.127.255.195 is alive (143 ms)
`;
    expect([...parseAnswers(text)]).toEqual([
      ['100.127.255.193', 0.029],
      ['100.127.255.195', 143],
    ]);
    expect(parseAnswers('').size).toBe(0);
  });
});
