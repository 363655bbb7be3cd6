import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BirdClient } from './bird-client.ts';

/** A BIRD that greets late and repeats each command as its answer. */
let directory: string;
/** As if it were stopped by a signal: connections are taken, and nobody says anything. */
let isStopped: boolean;
let server: Server;
let client: BirdClient;

beforeEach(async () => {
  directory = mkdtempSync(`${tmpdir()}/bird-client-`);
  isStopped = false;
  server = createServer((socket) => {
    setTimeout(() => isStopped || socket.write('0001 BIRD 2.0.12 ready.\n'), 30);
    socket.on('data', (data: Buffer) => {
      if (isStopped) return;
      for (const line of data.toString().trim().split('\n')) socket.write(`1000-${line}\n0000 \n`);
    });
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(`${directory}/bird.ctl`, resolve));
  client = new BirdClient(`${directory}/bird.ctl`, { timeoutMs: 60 });
});

afterEach(() => {
  client.close();
  server.close();
  rmSync(directory, { recursive: true });
});

async function query(text: string): Promise<string | undefined> {
  if (!client.connected) await client.open();
  return (await client.command(text)).lines[0]?.text;
}

it('shares one greeting among all who ask before it came', async () => {
  expect(await Promise.all(['a', 'b', 'c'].map(query))).toEqual(['a', 'b', 'c']);
});

it('answers again after it was closed, whatever the old socket still says', async () => {
  await query('a');
  client.close();
  expect(await Promise.all(['b', 'c'].map(query))).toEqual(['b', 'c']);
});

it('leaves nobody waiting for ever while BIRD is stopped, and answers when it goes on', async () => {
  await query('a');
  isStopped = true;
  const asked: Promise<unknown>[] = [];
  // Some ask and give up, as an observation does; others close and try again, as a change does.
  for (let round = 0; round < 20; round++) {
    asked.push(Promise.allSettled([query('b'), query('c'), client.command('d')]));
    if (round % 3 === 0) client.close();
    await new Promise((resolve) => setTimeout(resolve, 17));
  }
  isStopped = false;
  await Promise.all(asked);
  await expect.poll(() => query('e').catch((error: Error) => error.message)).toBe('e');
});

it('asks nothing over a connection that somebody opens in the very next moment, before its greeting', async () => {
  const early = client.command('a').catch((error: Error) => error.message);
  await Promise.resolve();
  await client.open();
  expect(await early).toBe('BIRD is not running');
  expect(await query('b')).toBe('b');
});
