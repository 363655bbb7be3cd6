import { CliError } from './cli-error.ts';
import type { Client } from './client.ts';

/** Waits for work that goes on behind the API. */
export async function followTask(client: Client, token: string): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const { task_status } = await client.get<{ task_status: string }>(`/status/task?token=${token}`);
    if (task_status === 'finished_ok') return;
    if (task_status !== 'running') throw new CliError('it failed; the log of the controller says why');
    if (Date.now() > deadline) throw new CliError('it has not ended after 120 s');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
