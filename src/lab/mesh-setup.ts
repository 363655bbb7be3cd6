import { readFileSync } from 'node:fs';
import type { Client } from '../cli/client.ts';
import { waitOverRestart, waitUntilUp } from '../cli/restart.ts';
import type { ControllerPlan } from './plan.ts';
import { until } from './program.ts';

export interface Member {
  readonly plan: ControllerPlan;
  readonly client: Client;
}

interface KeysetStatus {
  readonly keyset_present?: boolean;
  readonly in_progress?: boolean;
}

const SETUP_TIMEOUT = 60_000;

async function keysetIsThere({ client, plan }: Member): Promise<void> {
  await until(
    `controller ${plan.id} to have a keyset`,
    async () => {
      // The API is closed for some seconds after a fetch; an unlicensed controller refuses until it has one.
      const status = await client.get<KeysetStatus>('/keyset', { timeoutMs: 2_000 }).catch(() => null);
      return status?.keyset_present === true && status.in_progress !== true;
    },
    { timeoutMs: SETUP_TIMEOUT, everyMs: 200 },
  );
}

/** What an operator does on the first controller: licence, addressing, keyset. */
export async function foundTopology(first: Member, licenseFile: string, token: string): Promise<void> {
  const { client } = first;
  await client.call('PUT', '/license', { text: readFileSync(licenseFile, 'utf8') });
  await client.put('/license/parameters', { default: true });
  await waitOverRestart(client);
  await client.put('/keyset', { token, topology_name: 'lab' });
  await keysetIsThere(first);
}

/** What an operator does on every further controller: take over licence and keyset from the first. */
export async function joinTopology(member: Member, source: string, token: string): Promise<void> {
  await member.client.put('/keyset', { token, source });
  await keysetIsThere(member);
}

/** Says who the controller is, which neighbours it has and what network is behind it. */
export async function peer(member: Member, all: readonly Member[]): Promise<void> {
  const { client, plan } = member;
  await waitUntilUp(client);
  await client.put('/config', { topology_name: 'lab', controller_name: plan.namespace });
  // Batched as the API offers it: ten controllers that apply every single row would keep two cores busy for a minute.
  await client.put('/peering/self', { id: plan.id, force: false });
  const others = all.filter((other) => other.plan.id !== plan.id);
  for (const [index, { plan: other }] of others.entries()) {
    const force = index === others.length - 1;
    await client.post('/peering/peers', { id: other.id, name: other.underlay, force });
  }
  if (others.length === 0) await client.put('/peering/self', { id: plan.id, force: true });
  await client.post('/routes', {
    cidr: plan.siteSubnet,
    description: `site network of controller ${plan.id}`,
    advertise: true,
  });
}
