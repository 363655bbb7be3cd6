import { expect, it } from 'vitest';
import { commandToEnd, parseSession } from './openvpn-management.ts';

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
