import type { FirewallEngine } from '../firewall/firewall-service.ts';
import type { Mesh } from '../mesh/mesh.ts';
import type { ApplierClient } from './applier-client.ts';

/** The applier as the firewall sees it. */
export function applierFirewall(applier: ApplierClient, mesh: () => Mesh): FirewallEngine {
  return {
    async check(firewall, tests, flows) {
      const state = mesh().compile();
      return state && applier.checkFirewall(state, firewall, tests, flows);
    },
    apply: () => mesh().apply(),
    counters: () => applier.firewallCounters(),
    resetTracking: () => applier.resetTracking(),
  };
}
