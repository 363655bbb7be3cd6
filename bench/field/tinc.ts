import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { run } from '../../src/lab/program.ts';
import { Field } from './field.ts';
import type { Contender, Ground, Setting } from './ground.ts';

/** Options of tinc.conf(5): how often and how long a silent peer is asked, and how long it is left alone after that; buffers for throughput. */
const options: Readonly<Record<Setting, string>> = {
  defaults: '',
  'best settings':
    'PingInterval = 1\nPingTimeout = 1\nMaxTimeout = 1\nProcessPriority = high\nReplayWindow = 128\n' +
    'UDPRcvBuf = 4194304\nUDPSndBuf = 4194304\n',
};

/** The packaged unit, tinc@.service, restarts a daemon that was killed after five seconds. */
const RESTART_MS = 5000;

export function tinc(setting: Setting): Contender {
  return {
    name: 'tinc',
    setting,
    note:
      setting === 'defaults'
        ? 'PingInterval 60 s, PingTimeout 5 s'
        : 'PingInterval 1 s, PingTimeout 1 s, MaxTimeout 1 s, ProcessPriority high',
    daemons: ['tincd'],
    version: async () => `tinc ${/version (\S+)/.exec(await run(['tincd', '--version']))?.[1]}`,
    open: async (size): Promise<Ground> => {
      const field = await Field.build(size);
      await Promise.all(field.plans.map(({ id }) => configure(field, id, setting)));
      for (const { id } of field.plans) {
        for (const other of field.plans) copyHost(field, other.id, id);
        const { directory } = field.plan(id);
        field.start(id, ['tincd', '-D', '-c', directory, '--pidfile', `${directory}/pid`], RESTART_MS);
      }
      await field.untilReachable();
      return field;
    },
  };
}

async function configure(field: Field, id: number, setting: Setting): Promise<void> {
  const { directory, underlay, siteSubnet } = field.plan(id);
  const others = field.plans.filter((plan) => plan.id !== id);
  mkdirSync(`${directory}/hosts`);
  const connections = others.map((plan) => `ConnectTo = r${plan.id}\n`).join('');
  field.write(id, 'tinc.conf', `Name = r${id}\nInterface = tinc0\n${connections}${options[setting]}`);
  const subnets = `Subnet = 10.98.0.${id}/32\nSubnet = ${siteSubnet}\n`;
  field.write(id, `hosts/r${id}`, `Address = ${underlay}\n${subnets}`);
  const routes = others.map((plan) => `ip route add ${plan.siteSubnet} dev tinc0\n`).join('');
  const up = `#!/bin/sh\nip link set tinc0 up\nip address add 10.98.0.${id}/24 dev tinc0\n${routes}`;
  chmodSync(field.write(id, 'tinc-up', up), 0o700);
  // The key pair is made without a question when there is no terminal; its public half goes into the router's host file.
  await run(['tincd', '-c', directory, '-K2048']);
}

function copyHost(field: Field, from: number, to: number): void {
  if (from === to) return;
  const text = readFileSync(`${field.plan(from).directory}/hosts/r${from}`, 'utf8');
  field.write(to, `hosts/r${from}`, text);
}
