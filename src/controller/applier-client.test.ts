import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ApplierClient } from './applier-client.ts';

let folder: string;
let server: Server;
let client: ApplierClient;
/** A process that hangs keeps its connections and answers nothing. */
let hangs = false;

beforeEach(async () => {
  hangs = false;
  folder = mkdtempSync(join(tmpdir(), 'applier-client-'));
  server = createServer((socket) => {
    socket.on('data', (chunk: Buffer) => {
      if (hangs) return;
      for (const line of chunk.toString().trim().split('\n'))
        socket.write(`{"seq":${(JSON.parse(line) as { seq: number }).seq},"ok":true}\n`);
    });
  });
  const path = join(folder, 'applier.sock');
  await new Promise<void>((resolve) => server.listen(path, resolve));
  client = new ApplierClient(path, { onEvent: () => {}, onConnect: () => {} });
  client.start();
});

afterEach(() => {
  client.stop();
  server.close();
  rmSync(folder, { recursive: true });
});

it('hears from an applier that nobody asks anything, and notices one that hangs', async () => {
  await vi.waitFor(() => expect(client.silentMs).toBeLessThan(500));
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(client.silentMs).toBeLessThan(1400);
  hangs = true;
  await vi.waitFor(() => expect(client.silentMs).toBeGreaterThan(2500), { timeout: 5000 });
  expect(client.connected).toBe(true);
});
