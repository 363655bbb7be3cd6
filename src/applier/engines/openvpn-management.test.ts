import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { commandToEnd, OpenvpnManagement, parseSession } from './openvpn-management.ts';

/** A session over IPv6 as `status 3` tells it: only its certificate's name or its number say which one it is. */
const session = (name: string, id = '7', endpoint = '[2001:db8::9]:4711') =>
  parseSession(
    `CLIENT_LIST\t${name}\t${endpoint}\t100.127.255.193\t\t10\t20\t2026-01-01 00:00:00\t1767225600\tUNDEF\t${id}\t0`,
  )[0]!;

it('ends a session by where it is, or by its name', () => {
  expect(commandToEnd(session('x', '7', '192.0.2.9:4711'))).toBe('kill 192.0.2.9:4711');
  expect(commandToEnd(session('100_127_255_193_0x4FAA'))).toBe('kill 100_127_255_193_0x4FAA');
});

/** The name is text of whoever signed the certificate. Here it would become a second command, or another session. */
it.each([
  'x\nsignal SIGTERM',
  'x\rsignal SIGTERM',
  'x\u2028signal SIGTERM',
  'x y',
  '192.0.2.1:1194',
  '"x',
  'x\0',
  '',
])('ends the session of %j by its number', (name) => {
  const command = commandToEnd({ ...session('x'), name });
  expect(command).toBe('client-kill 7');
});

it('sends no number that is none', () => {
  expect(commandToEnd({ ...session('x', '7; signal SIGTERM'), name: '' })).toBe('client-kill NaN');
  expect(commandToEnd({ ...session('x', '', '1.2.3.4:5\nkill all'), name: '' })).toBe('client-kill 0');
});

it('does not let everybody wait for one that hangs', async () => {
  const directory = mkdtempSync(`${tmpdir()}/meshwright-openvpn-`);
  let asked = 0;
  const server = createServer((socket) => socket.on('data', () => asked++).on('error', () => undefined));
  await new Promise<void>((resolve) => server.listen(`${directory}/socket`, resolve));
  const management = new OpenvpnManagement(`${directory}/socket`, 50);
  const questions = [1, 2, 3].map(() => management.sessions());
  const reasons = (await Promise.allSettled(questions)).map((one) => (one as PromiseRejectedResult).reason);
  expect(reasons[0]).toMatchObject({ message: 'OpenVPN did not answer within 50 ms' });
  for (const reason of reasons.slice(1))
    expect(reason).toMatchObject({ message: expect.stringMatching(/a moment ago/) });
  expect(asked).toBe(1);
  management.close();
  server.close();
  rmSync(directory, { recursive: true });
});
