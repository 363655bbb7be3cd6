import { readFileSync, writeFileSync } from 'node:fs';
import type { Lab } from '../../src/lab/lab.ts';
import { run } from '../../src/lab/program.ts';
import { anyController, type Fault } from '../fault.ts';

/**
 * Names come from each machine's hosts file. It is a mount there, so it is written in place. Each controller has one row by
 * name (stage.ts): that of the controller after it.
 */
const hostsOf = (lab: Lab, id: number) => `${lab.plan(id).directory}/etc/hosts`;

function rewrite(lab: Lab, id: number, edit: (line: string) => string | null): void {
  const lines = readFileSync(hostsOf(lab, id), 'utf8').split('\n');
  writeFileSync(hostsOf(lab, id), lines.flatMap((line) => edit(line) ?? []).join('\n'));
}

/** Names are looked up again every half a minute at most, and what is in use stays in use meanwhile. */
const FOLLOWED_MS = 90_000;

/** No name resolves any more on one controller. Nothing may happen: the last good answer counts. */
export const dnsDead: Fault = {
  name: 'dns-dead',
  minimum: 2,
  pick(random, size) {
    const id = anyController(random, size);
    const dead = '# dead: ';
    return {
      targets: String(id),
      at: [id],
      effects: {},
      holdMs: random.whole(10, 20) * 1000,
      begin: async (lab) =>
        rewrite(lab, id, (line) =>
          /\smwlab-c\d+$/.test(line) && !line.startsWith(dead) ? `${dead}${line}` : line,
        ),
      end: async (lab) =>
        rewrite(lab, id, (line) => (line.startsWith(dead) ? line.slice(dead.length) : line)),
    };
  },
};

/** A controller gets a second address, and its name leads there; afterwards back, and the second one goes away. */
export const dnsChanged: Fault = {
  name: 'dns-changed',
  minimum: 2,
  pick(random, size) {
    const id = anyController(random, size);
    const address = (lab: Lab, second: boolean) => (second ? `10.195.0.${200 + id}` : lab.plan(id).underlay);
    const rename = (lab: Lab, second: boolean) => {
      const { namespace } = lab.plan(id);
      for (const { id: on } of lab.plans)
        rewrite(lab, on, (line) =>
          line.endsWith(` ${namespace}`) ? `${address(lab, second)} ${namespace}` : line,
        );
    };
    const change = (lab: Lab, verb: 'replace' | 'del') =>
      run(['ip', '-n', lab.plan(id).namespace, 'address', verb, `${address(lab, true)}/24`, 'dev', 'eth0']);
    return {
      targets: String(id),
      at: [(id % size) + 1],
      effects: { recoveryMs: FOLLOWED_MS },
      // Long enough for the name to be looked up again.
      holdMs: random.whole(35, 45) * 1000,
      begin: async (lab) => {
        await change(lab, 'replace');
        rename(lab, true);
      },
      end: async (lab) => {
        rename(lab, false);
        await change(lab, 'del').catch(() => undefined);
      },
    };
  },
};
