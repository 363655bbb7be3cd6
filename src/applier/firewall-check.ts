import type { DesiredFirewall, FirewallCheck, FirewallProblem, FirewallTest } from '../desired/firewall.ts';
import type { DesiredState } from '../desired/state.ts';
import { readFirewall } from '../firewall/grammar/ruleset.ts';
import { NO_FIREWALL } from './confirmation.ts';
import { problemOf } from './engines/firewall-refused.ts';
import { liveFlows } from './engines/flows.ts';
import { setProblem } from './engines/ipsets.ts';
import type { Packet } from './simulation/job.ts';
import { entrance, type Surroundings, simulate, surroundings, type Trial } from './simulation/simulate.ts';

/**
 * Tries a firewall out without touching the one in force: the words, the engine's parser and the kernel, the operator's
 * tests with real packets, and (if asked) which of the flows that go on now it would cut.
 */
export async function checkFirewall(
  state: DesiredState,
  inForce: DesiredFirewall | null,
  firewall: DesiredFirewall,
  tests: readonly FirewallTest[],
  flows: boolean,
): Promise<FirewallCheck> {
  const ruleset = readFirewall(firewall);
  if (ruleset.problems.length > 0) return { problems: [...ruleset.problems], tests: [], cut: [] };
  const around = await surroundings(state);
  const packets = await Promise.all(tests.map((test) => packetOf(state, test, around)));
  let trial: Trial;
  try {
    trial = await simulate(state, firewall, ruleset, around, packets, false);
  } catch (error) {
    // A machine may forbid namespaces of our own. Nothing is known then, and that is what is said.
    const detail = `could not be tried on this machine: ${(error as Error).message}`;
    return { problems: [], tests: tests.map(({ name }) => ({ name, got: null, detail })), cut: [] };
  }
  if (trial.outcome.refused) return { problems: [problemIn(trial, firewall)], tests: [], cut: [] };
  return {
    problems: [],
    tests: tests.map((test, index) => verdict(test, trial.outcome.passed[index]!, packets[index]!)),
    cut: flows ? await cutFlows(state, inForce ?? NO_FIREWALL, firewall, around) : [],
  };
}

async function packetOf(state: DesiredState, test: FirewallTest, around: Surroundings): Promise<Packet> {
  const { from, to, protocol, port } = test;
  return { from, to, protocol, port, fromPort: null, enter: await entrance(state, from, around) };
}

function verdict(
  { name, expect }: FirewallTest,
  passed: boolean,
  { enter }: Packet,
): FirewallCheck['tests'][number] {
  const got = passed ? 'pass' : 'drop';
  const way = enter === null ? 'sent by this controller' : `coming in by ${enter}`;
  const detail = got === expect ? `${way}: ${got}` : `${way}: expected ${expect}, got ${got}`;
  return { name, got, detail };
}

/** Flows that pass the firewall of now in the middle of their life, and would not pass the new one. */
async function cutFlows(
  state: DesiredState,
  inForce: DesiredFirewall,
  firewall: DesiredFirewall,
  around: Surroundings,
): Promise<string[]> {
  const flows = await liveFlows();
  const packets = await Promise.all(
    flows.map(
      async (flow): Promise<Packet> => ({ ...flow, enter: await entrance(state, flow.from, around) }),
    ),
  );
  if (packets.length === 0) return [];
  const [before, after] = await Promise.all(
    [inForce, firewall].map((one) => simulate(state, one, readFirewall(one), around, packets, true)),
  );
  return packets
    .filter((_, index) => before!.outcome.passed[index] && !after!.outcome.passed[index])
    .map(
      ({ protocol, from, fromPort, to, port }) => `${protocol} ${end(from, fromPort)} -> ${end(to, port)}`,
    );
}

const end = (address: string, port: number | null): string =>
  port === null ? address : address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

function problemIn({ rules, sets, outcome }: Trial, firewall: DesiredFirewall): FirewallProblem {
  const { engine, message } = outcome.refused!;
  if (engine === 'sets') return setProblem(new Error(message), sets);
  return problemOf(new Error(message), rules[engine].ids, firewall);
}
