import { API_PORT } from '../paths.ts';
import type { Client } from './client.ts';

/** What `GET /api/local/credentials` tells, on the control socket only. */
export interface Credentials {
  readonly username: string;
  /** The generated password, told once; null when it was told or replaced. */
  readonly password: string | null;
  readonly note: string;
  /** Sets up the user of the console; null once that was done. */
  readonly setup_code?: string | null;
}

export function credentialLines(
  { username, password, note, setup_code }: Credentials,
  address: string | null,
): string[] {
  return [
    `API and console  https://${address ?? '<address of this machine>'}:${API_PORT}`,
    `user             ${username}`,
    `password         ${password ?? '-'}`,
    note,
    ...(setup_code ? [`set-up code      ${setup_code} (for the first visit of the console)`] : []),
  ];
}

/** The address at which others reach the API, when the controller knows one. */
export async function ownAddress(client: Client): Promise<string | null> {
  const { private_ipaddress: address } = await client.get<{ private_ipaddress?: string }>('/config');
  return address || null;
}
