import { run } from '../../src/lab/program.ts';
import { Field } from './field.ts';
import type { Contender, Ground, Setting } from './ground.ts';

/**
 * OpenVPN with two remotes: router 1 is a client, the others are servers that it knows in their order. The servers reach each
 * other's hosts by plain routes of the underlay, as two in one building do, which costs nothing and never fails over. So what
 * host 1 sends to host 2 goes by server 2, or by whichever server the client has turned to.
 *
 * Defaults are those of the package's sample files (keepalive 10 120). Best settings, all of openvpn(8): keepalive 1 3, the next
 * remote after 2 s (server-poll-timeout), no pause between two of them.
 */
const keepalive: Readonly<Record<Setting, string>> = {
  defaults: 'keepalive 10 120',
  'best settings': 'keepalive 1 3',
};
const client: Readonly<Record<Setting, string>> = {
  defaults: '',
  'best settings': 'connect-retry 1 1\nserver-poll-timeout 2\n',
};

const load: Readonly<Record<Setting, string>> = {
  defaults: '',
  'best settings': 'fast-io\nsndbuf 4194304\nrcvbuf 4194304\ntxqueuelen 1000\n',
};

/** openvpn-client@.service, which router 1 runs, restarts nothing; its servers' unit does. */
const CLIENT_RESTART_MS = null;
const SERVER_RESTART_MS = 5000;

export function openvpn(setting: Setting): Contender {
  return {
    name: 'OpenVPN, two remotes',
    setting,
    note:
      setting === 'defaults' ? 'keepalive 10 120' : 'keepalive 1 3, connect-retry 1 1, server-poll-timeout 2',
    daemons: ['openvpn'],
    version: async () => `OpenVPN ${/OpenVPN (\S+)/.exec(await run(['openvpn', '--version']))?.[1]}`,
    open: async (size): Promise<Ground> => {
      const field = await Field.build(size);
      await authority(field);
      for (const { id } of field.plans) await certificate(field, id);
      for (const plan of field.plans.slice(1)) await server(field, plan.id, setting);
      const file = field.write(1, 'client.conf', clientConfiguration(field, setting));
      const dial = () => field.start(1, ['openvpn', '--config', file], CLIENT_RESTART_MS);
      dial();
      await field.untilReachable();
      // A client stays with the server that it has; a new one begins with the first.
      field.sendHome = async () => {
        field.kill('openvpn');
        dial();
      };
      return field;
    },
  };
}

async function server(field: Field, id: number, setting: Setting): Promise<void> {
  const { directory } = field.plan(id);
  const others = field.plans.filter((plan) => plan.id !== id && plan.id !== 1);
  for (const other of others) {
    await field.exec(id, ['ip', 'route', 'add', other.siteSubnet, 'via', other.underlay]);
  }
  // The way back follows the client: the server that has it routes to it, any other one asks that server.
  const site = field.plan(1).siteSubnet;
  const script = (words: string) => `#!/bin/sh\n${words}\n`;
  const ways = others.map((other) => `nexthop via ${other.underlay}`).join(' ');
  const up = field.write(id, 'connect', script(`ip route replace ${site} dev tun0 metric 10`), 0o700);
  const down = field.write(
    id,
    'disconnect',
    script(`ip route del ${site} dev tun0 metric 10 2> /dev/null\nexit 0`),
    0o700,
  );
  if (ways !== '') await field.exec(id, ['ip', 'route', 'add', site, 'metric', '50', ...ways.split(' ')]);
  field.write(id, 'r1', `iroute ${network(site)}\n`);
  const pushed = field.plans.slice(1).map((plan) => `push "route ${network(plan.siteSubnet)}"`);
  const text = `port 1194
proto udp
dev tun0
topology subnet
server 10.98.${id}.0 255.255.255.0
${identity(field, id)}
dh none
client-config-dir ${directory}
script-security 2
client-connect ${up}
client-disconnect ${down}
${pushed.join('\n')}
persist-key
persist-tun
${keepalive[setting]}
${load[setting]}explicit-exit-notify 1
verb 3
`;
  field.start(id, ['openvpn', '--config', field.write(id, 'server.conf', text)], SERVER_RESTART_MS);
}

function clientConfiguration(field: Field, setting: Setting): string {
  const remotes = field.plans.slice(1).map((plan) => `remote ${plan.underlay} 1194`);
  return `client
dev tun0
proto udp
${remotes.join('\n')}
resolv-retry infinite
nobind
persist-key
persist-tun
${identity(field, 1)}
remote-cert-tls server
${client[setting]}${load[setting]}verb 3
`;
}

const identity = (field: Field, id: number) =>
  `ca ${field.directory}/ca.crt\ncert ${field.plan(id).directory}/host.crt\nkey ${field.plan(id).directory}/host.key`;

const network = (subnet: string) => `${subnet.split('/')[0]} 255.255.255.0`;

const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

async function authority({ directory }: Field): Promise<void> {
  const files = ['-keyout', `${directory}/ca.key`, '-out', `${directory}/ca.crt`];
  await run(['openssl', 'req', '-x509', ...curve, '-days', '2', '-subj', '/CN=field', ...files]);
}

async function certificate(field: Field, id: number): Promise<void> {
  const { directory } = field.plan(id);
  const usage = id === 1 ? 'clientAuth' : 'serverAuth';
  const extensions = field.write(id, 'usage', `extendedKeyUsage=${usage}\nkeyUsage=digitalSignature\n`);
  const request = ['-keyout', `${directory}/host.key`, '-out', `${directory}/host.csr`];
  await run(['openssl', 'req', '-new', ...curve, '-subj', `/CN=r${id}`, ...request]);
  const signer = [
    '-CA',
    `${field.directory}/ca.crt`,
    '-CAkey',
    `${field.directory}/ca.key`,
    '-CAcreateserial',
  ];
  const files = ['-in', `${directory}/host.csr`, '-out', `${directory}/host.crt`, '-extfile', extensions];
  await run(['openssl', 'x509', '-req', '-days', '2', ...signer, ...files]);
}
