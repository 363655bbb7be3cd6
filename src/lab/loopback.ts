import { writeFileSync } from 'node:fs';
import { API_PORT } from '../paths.ts';
import { type ControllerPlan, lab } from './plan.ts';
import { attempt, run } from './program.ts';

/**
 * Forwards 127.0.0.(10+id):8000 to the controller's API. The kernel rewrites the address, so that a closed API
 * is a refused connection at the loopback address too: clients wait for exactly that.
 */
export function renderLoopback(plans: readonly ControllerPlan[]): string {
  const rules = plans.map(
    (plan) => `    ip daddr ${plan.loopback} tcp dport ${API_PORT} dnat to ${plan.underlay}:${API_PORT}`,
  );
  return [
    `table ip ${lab.loopbackTable}`,
    `delete table ip ${lab.loopbackTable}`,
    `table ip ${lab.loopbackTable} {`,
    '  chain output {',
    '    type nat hook output priority -100; policy accept;',
    ...rules,
    '  }',
    '  chain postrouting {',
    '    type nat hook postrouting priority 100; policy accept;',
    `    oifname "${lab.hostInterface}" ip saddr 127.0.0.0/8 masquerade`,
    '  }',
    '}',
    '',
  ].join('\n');
}

export async function applyLoopback(plans: readonly ControllerPlan[]): Promise<void> {
  writeFileSync(`/proc/sys/net/ipv4/conf/${lab.hostInterface}/route_localnet`, '1');
  await run(['nft', '-f', '-'], { input: renderLoopback(plans) });
}

export async function removeLoopback(): Promise<void> {
  await attempt(['nft', 'delete', 'table', 'ip', lab.loopbackTable]);
}
