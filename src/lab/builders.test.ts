import { describe, expect, it } from 'vitest';
import { renderLoopback } from './loopback.ts';
import { enterArgv } from './machine.ts';
import { controllerBatch, plugBatch, siteBatch } from './network.ts';
import { isComplete, parseFping, renderMatrix } from './ping-matrix.ts';
import { controllerPlan, labPlan } from './plan.ts';
import { initOf, type Process, partOf } from './processes.ts';

const process = (pid: number, name: string, argv: string[], namespacePids = [pid]): Process => ({
  pid,
  name,
  argv,
  namespacePids,
});

describe('wires', () => {
  it('plugs a controller into the bridge with an address that outlives a power cut', () => {
    expect(plugBatch(controllerPlan(3))).toEqual([
      'link add c3 type veth peer name eth0 address 02:6d:77:00:00:03 netns mwlab-c3',
      'link set c3 master br0 up',
    ]);
  });

  it('gives controller and site host their addresses', () => {
    expect(controllerBatch(controllerPlan(1))).toContain('addr add 10.201.1.1/24 dev site0');
    expect(siteBatch(controllerPlan(1))).toContain('route add default via 10.201.1.1 dev eth0');
  });

  it('forwards every loopback address in one table', () => {
    const text = renderLoopback(labPlan(2));
    expect(text).toContain('ip daddr 127.0.0.11 tcp dport 8000 dnat to 10.195.0.1:8000');
    expect(text).toContain('ip daddr 127.0.0.12 tcp dport 8000 dnat to 10.195.0.2:8000');
    expect(text.split('\n')[1]).toBe('delete table ip mwlab');
  });
});

describe('processes', () => {
  const controller = process(
    10,
    'node',
    ['node', '/run/meshwright-code/dist/server/controller.js'],
    [10, 20],
  );
  const applier = process(11, 'node', ['node', '/run/meshwright-code/dist/server/applier.js']);
  const supervisor = process(12, 'runsv', ['runsv', 'controller']);
  const init = process(9, 'sh', ['sh', 'controller-init.sh', '/dist/server/controller.js'], [9, 1]);
  const link = process(13, 'wireguard-go', ['/x/wireguard-go', '-f', 'mw1']);
  const other = process(14, 'wireguard-go', ['wireguard-go', '-f', 'mw10']);
  const bird = process(15, 'bird', ['bird', '-f']);
  const all = [controller, applier, supervisor, init, link, other, bird];

  it('tells the parts of a controller apart', () => {
    expect(partOf(all, 'controller')).toEqual([controller]);
    expect(partOf(all, 'applier')).toEqual([applier]);
    expect(partOf(all, 'bird')).toEqual([bird]);
    expect(partOf(all, { link: 1 })).toEqual([link]);
    expect(partOf(all, { link: 10 })).toEqual([other]);
  });

  it('finds the first process of the machine', () => {
    expect(initOf(all)).toBe(init);
    expect(initOf([process(1, 'systemd', ['systemd'], [1])])).toBeUndefined();
  });

  it('enters all namespaces of a machine', () => {
    expect(enterArgv(9, ['ip', 'address']).join(' ')).toBe(
      'nsenter --target=9 --net --mount --pid --uts --ipc -- ip address',
    );
  });
});

describe('ping matrix', () => {
  it('reads what fping prints', () => {
    const times = parseFping('10.201.2.10 : 0.52\n10.201.3.10 : -\n');
    expect([...times]).toEqual([
      ['10.201.2.10', 0.52],
      ['10.201.3.10', null],
    ]);
  });

  it('says where no answer came from', () => {
    const matrix = new Map([
      [1, new Map([[2, 0.5]])],
      [2, new Map<number, number | null>([[1, null]])],
    ]);
    expect(isComplete(matrix)).toBe(false);
    expect(renderMatrix(matrix).split('\n')).toEqual([
      '         ms     site 1     site 2',
      '     site 1          -       0.50',
      '     site 2  no answer          -',
    ]);
  });
});
