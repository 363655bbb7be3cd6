import { globSync, readFileSync } from 'node:fs';
import type { Lab } from '../../src/lab/lab.ts';
import type { Invariant } from '../evidence.ts';

/** Passwords of the API and private and preshared keys of tunnels, as the machines have them. */
async function secretsOf(lab: Lab, id: number): Promise<string[]> {
  const password = lab.state.controllers.find((one) => one.id === id)?.password ?? null;
  const keys = await Promise.all(
    ['private-key', 'preshared-keys'].map(
      async (what) => (await lab.exec(id, ['wg', 'show', 'all', what])).stdout,
    ),
  );
  // `interface key` or `interface peer key`: the last word is the secret one.
  const last = keys.flatMap((text) => text.split('\n').map((line) => line.trim().split(/\s+/).at(-1) ?? ''));
  return [...last.filter((word) => word.length === 44), ...(password === null ? [] : [password])];
}

/** What any program of a controller has written down holds nothing that would open something. */
export const noSecretInLogs: Invariant = {
  name: 'no secret in logs',
  check: async ({ lab }) => {
    const secrets = new Set((await Promise.all(lab.plans.map(({ id }) => secretsOf(lab, id)))).flat());
    if (secrets.size < lab.plans.length * 2) throw new Error('the secrets to look for were not found');
    return lab.plans.flatMap(({ directory }) =>
      globSync([`${directory}/log/**/*`, `${directory}/console.log`], { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .flatMap((entry) => {
          const file = `${entry.parentPath}/${entry.name}`;
          const text = readFileSync(file, 'latin1');
          return [...secrets].some((secret) => text.includes(secret)) ? [`${file} holds a secret`] : [];
        }),
    );
  },
};
