import type { ClientMaterial, Keyset } from './keyset.ts';
import { callInWorker } from './worker-call.ts';

export type GenerateInput =
  | { kind: 'keyset'; token: string; clients: readonly string[] }
  | { kind: 'clients'; root: Pick<Keyset, 'uuid' | 'clientCa'>; clients: readonly string[] };

const TIMEOUT_MS = 60_000;

/** Makes a keyset for a topology with these client addresses, without holding up the API. */
export function generateKeyset(token: string, clients: readonly string[]): Promise<Keyset> {
  return call<Keyset>({ kind: 'keyset', token, clients });
}

/** Makes the credentials of clients that were added later, or anew. */
export function generateClients(
  { uuid, clientCa }: Pick<Keyset, 'uuid' | 'clientCa'>,
  clients: readonly string[],
): Promise<ClientMaterial[]> {
  return call<ClientMaterial[]>({ kind: 'clients', root: { uuid, clientCa }, clients });
}

function call<Answer>(input: GenerateInput): Promise<Answer> {
  return callInWorker<Answer>('keyset-worker', input, TIMEOUT_MS);
}
