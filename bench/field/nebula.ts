import { run } from '../../src/lab/program.ts';
import { Field } from './field.ts';
import type { Contender, Ground, Setting } from './ground.ts';

/**
 * Nebula with routers 3 and up as lighthouses and relays. Host networks are unsafe routes; the certificates carry them. The
 * example configuration of the package names no timer of a tunnel's death; `timers` is read by the program all the same
 * (`connection_manager.go`; whole seconds), and later examples name it. The best settings use all that shortens the search.
 */
const options: Readonly<Record<Setting, string>> = {
  defaults: '',
  'best settings': `timers:
  connection_alive_interval: 1
  pending_deletion_interval: 1
handshakes:
  try_interval: 50ms
`,
};

/** nebula@.service has Restart=always and the default wait. */
const RESTART_MS = 100;

/** What the example configuration offers for throughput; a relayed packet of 1400 bytes still fits the underlay. */
const load: Readonly<Record<Setting, { cipher: string; buffers: string; mtu: string }>> = {
  defaults: { cipher: '', buffers: '', mtu: '' },
  'best settings': {
    cipher: 'cipher: aes\n',
    buffers: ', read_buffer: 10485760, write_buffer: 10485760',
    mtu: '  mtu: 1400\n',
  },
};
const overlay = (id: number) => `10.98.0.${id}`;

export function nebula(setting: Setting): Contender {
  return {
    name: 'Nebula',
    setting,
    note:
      setting === 'defaults'
        ? 'relay and lighthouse on router 3; asked after 5 s, dead 10 s later'
        : 'relay and lighthouse on router 3; asked after 1 s, dead 1 s later, handshakes every 50 ms',
    daemons: ['nebula'],
    version: async () => `Nebula ${/Version: (\S+)/.exec(await run(['nebula', '-version']))?.[1]}`,
    open: async (size): Promise<Ground> => {
      const field = await Field.build(size);
      const { directory } = field;
      const ca = ['-out-crt', `${directory}/ca.crt`, '-out-key', `${directory}/ca.key`];
      await run(['nebula-cert', 'ca', '-name', 'field', ...ca]);
      for (const plan of field.plans) {
        const signer = ['-ca-crt', `${directory}/ca.crt`, '-ca-key', `${directory}/ca.key`];
        const own = ['-out-crt', `${plan.directory}/host.crt`, '-out-key', `${plan.directory}/host.key`];
        const whom = ['-name', `r${plan.id}`, '-ip', `${overlay(plan.id)}/24`, '-subnets', plan.siteSubnet];
        await run(['nebula-cert', 'sign', ...signer, ...own, ...whom]);
        const file = field.write(plan.id, 'config.yml', configuration(field, plan.id, setting));
        field.start(plan.id, ['nebula', '-config', file], RESTART_MS);
      }
      await field.untilReachable();
      return field;
    },
  };
}

function configuration(field: Field, id: number, setting: Setting): string {
  const { directory } = field.plan(id);
  const middle = field.plans.filter((plan) => plan.id > 2);
  const isMiddle = id > 2;
  const list = (items: readonly string[]) => `[${items.join(', ')}]`;
  const lighthouses = list(isMiddle ? [] : middle.map((plan) => `"${overlay(plan.id)}"`));
  // Two routers alone need no lighthouse: they know each other's address.
  const known = (middle.length > 0 ? middle : field.plans.filter((plan) => plan.id !== id)).map(
    (plan) => `  "${overlay(plan.id)}": ["${plan.underlay}:4242"]`,
  );
  const routes = field.plans
    .filter((plan) => plan.id !== id)
    .map((plan) => `    - { route: ${plan.siteSubnet}, via: ${overlay(plan.id)} }`);
  const any = '    - { port: any, proto: any, host: any }';
  return `pki:
  ca: ${field.directory}/ca.crt
  cert: ${directory}/host.crt
  key: ${directory}/host.key
static_host_map:
${known.join('\n')}
lighthouse:
  am_lighthouse: ${isMiddle}
  hosts: ${lighthouses}
  interval: ${setting === 'defaults' ? 60 : 10}
  local_allow_list: { interfaces: { site0: false } }
listen: { host: 0.0.0.0, port: 4242${load[setting].buffers} }
punchy: { punch: true${setting === 'defaults' ? '' : ', respond: true'} }
relay:
  am_relay: ${isMiddle}
  use_relays: true
  relays: ${lighthouses}
tun:
  dev: nebula1
${load[setting].mtu}  unsafe_routes:
${routes.join('\n')}
firewall:
  outbound:
${any}
  inbound:
${any}
${load[setting].cipher}${options[setting]}`;
}
