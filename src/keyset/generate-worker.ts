import { parentPort, workerData } from 'node:worker_threads';
import { ready } from '@serenity-kit/opaque';
import type { GenerateInput } from './generate.ts';
import type { ClientMaterial, Keyset } from './keyset.ts';
import { newClients, newMaterial } from './material.ts';
import { register } from './pake-steps.ts';

/** Entry of the thread in which a keyset, or more clients of one, is made. */
const input = workerData as GenerateInput;
parentPort!.postMessage(input.kind === 'keyset' ? await newKeyset(input) : moreClients(input));

async function newKeyset({ token, clients }: GenerateInput & { kind: 'keyset' }): Promise<Keyset> {
  await ready;
  return { ...newMaterial(clients, new Date()), pake: register(token) };
}

function moreClients({ root, clients }: GenerateInput & { kind: 'clients' }): ClientMaterial[] {
  return newClients(root, clients, new Date());
}
