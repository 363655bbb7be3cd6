import { EngineAway, EngineRefused, type FirewallEngine } from '../firewall/engine.ts';
import type { Mesh } from '../mesh/mesh.ts';
import { ApplierAway, type ApplierClient, FirewallRefusal } from './applier-client.ts';

/** The applier as the firewall sees it. */
export function applierFirewall(applier: ApplierClient, mesh: () => Mesh): FirewallEngine {
  return {
    async check(firewall, tests, flows) {
      const state = mesh().compile();
      return state && applier.checkFirewall(state, firewall, tests, flows);
    },
    apply: () => mesh().applyDecided().catch(inOurWords),
    counters: () => applier.firewallCounters(),
    resetTracking: () => applier.resetTracking(),
  };
}

function inOurWords(error: Error): never {
  if (error.cause instanceof FirewallRefusal) throw new EngineRefused(error.cause.problems);
  if (error.cause instanceof ApplierAway) throw new EngineAway(error.cause.message);
  throw error;
}
