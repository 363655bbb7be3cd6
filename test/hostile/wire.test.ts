import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { API_PASSWORD, basic, HostileController } from './support/controller.ts';

/** Classes 12, 17 and 19: bodies and connections that are too large, too deep, too slow, too many or not what they say. */
let subject: HostileController;
const headers = basic('api', API_PASSWORD);

beforeAll(async () => {
  subject = await new HostileController().start();
});
afterAll(() => subject.stop());

const put = (body: string | Buffer, more: Record<string, string> = {}) =>
  subject.ask({ method: 'PUT', path: '/api/config', headers: { ...headers, ...more }, body });

it('class 12: bodies too large, too deep, compressed or broken are refused and change nothing', async () => {
  const deep = `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`;
  const list = `${'['.repeat(500_000)}${']'.repeat(500_000)}`;
  const bomb = gzipSync(Buffer.alloc(50 << 20, 32));
  for (const [what, body, more, statuses] of [
    ['large', JSON.stringify({ topology_name: 'x'.repeat(2 << 20) }), {}, [413]],
    ['deep objects', deep, {}, [400, 413]],
    ['deep lists', list, {}, [400, 413]],
    ['a bomb', bomb, { 'content-encoding': 'gzip' }, [400, 413, 415]],
    ['cut off', '{"topology_name":"x"', {}, [400]],
    ['no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), {}, [400]],
    ['a number', '1e999', {}, [400]],
    ['two values', '{} {}', {}, [400]],
  ] as const) {
    const answer = await put(body as string, more).catch((error: NodeJS.ErrnoException) => error);
    // A connection may be cut while a body that is too large is still on its way.
    if (answer instanceof Error)
      expect([what, (answer as NodeJS.ErrnoException).code]).toEqual([
        what,
        expect.stringMatching(/ECONNRESET|EPIPE/),
      ]);
    else expect([what, statuses.includes(answer.status as never)]).toEqual([what, true]);
  }
  expect(subject.context.names.topologyName()).toBe('');
  expect(subject.defects).toEqual([]);
});

it('class 12: a stranger has less room than somebody who logged in', async () => {
  const body = JSON.stringify({ from: 1, pad: 'x'.repeat(100_000) });
  const answer = await subject
    .ask({ method: 'POST', path: '/api/mesh/hello', body })
    .catch((error: Error) => error);
  if (!(answer instanceof Error)) expect(answer.status).toBe(413);
});

it('class 19: keys that reach prototypes are refused or without effect', async () => {
  for (const body of [
    '{"__proto__":{"enabled":true}}',
    '{"topology_name":"x","__proto__":{"polluted":1}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    '{"a":{"__proto__":{"polluted":1}}}',
    '{"\\u005f_proto__":{"polluted":1}}',
  ]) {
    expect([body, (await put(body)).status]).toEqual([body, 400]);
  }
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(subject.context.names.topologyName()).toBe('');
});

it('class 17: many who say nothing or speak slowly do not keep others out', { timeout: 60_000 }, async () => {
  const silent = Array.from({ length: 60 }, () =>
    connectTcp(subject.port, '127.0.0.1').on('error', () => {}),
  );
  const slow = Array.from({ length: 60 }, () => {
    const socket = connectTls({ host: '127.0.0.1', port: subject.port, rejectUnauthorized: false }, () =>
      socket.write('PUT /api/config HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\nX-Slow: '),
    ).on('error', () => {});
    // Without this the end of the connection would wait here, unread.
    return socket.resume();
  });
  const answers = await Promise.all(
    Array.from({ length: 30 }, () => subject.ask({ path: '/api/config', headers })),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  // Those who never finish their headers are cut off.
  await Promise.race(slow.map((socket) => new Promise((resolve) => socket.once('close', resolve))));
  for (const socket of [...silent, ...slow]) socket.destroy();
});

it('class 17: one address gets so many connections and no more', async () => {
  let closed = 0;
  const sockets = Array.from({ length: 320 }, () =>
    connectTcp(subject.port, '127.0.0.1')
      .on('error', () => {})
      .on('close', () => closed++),
  );
  const deadline = Date.now() + 10_000;
  while (closed < 40 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(closed).toBeGreaterThanOrEqual(40);
  for (const socket of sockets) socket.destroy();
});

it('class 17: strangers are counted, and guesses slowed down, while a login goes on', {
  timeout: 60_000,
}, async () => {
  const hello = () => subject.ask({ method: 'POST', path: '/api/mesh/hello', body: '{}' });
  const statuses = new Map<number, number>();
  for (let round = 0; round < 40; round++) {
    const answers = await Promise.all(Array.from({ length: 10 }, hello));
    for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  expect(statuses.get(429)).toBeGreaterThan(50);
  expect((await subject.ask({ path: '/api/config', headers })).status).toBe(200);
  expect(subject.context.audit.log.list({ limit: 1000 }).length).toBeLessThan(100);
});

it.each([
  [
    'two lengths',
    'POST /api/config HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!',
  ],
  [
    'length and chunks',
    'POST /api/config HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /api/config HTTP/1.1\r\n\r\n',
  ],
  ...[
    'Transfer-Encoding : chunked',
    'Transfer-Encoding: xchunked',
    'Transfer-Encoding: chunked, identity',
    'Transfer-Encoding:\n chunked',
    'X: y\n Transfer-Encoding: chunked',
    'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity',
    'Content-Length: +5',
    'Content-Length: 5, 5',
    'Content-Length: 0x5',
    'Content-Length: 5 5',
    'Content-Length:',
  ].map((header): [string, string] => [
    `another behind a body whose end ${JSON.stringify(header)} hides`,
    `POST /api/config HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n${header}\r\n\r\n0\r\n\r\nGET /api/config HTTP/1.1\r\nHost: x\r\n\r\n`,
  ]),
  [
    'a chunk that is longer than it says',
    'PUT /api/config HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}x\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n',
  ],
  [
    'a chunk of no size',
    'PUT /api/config HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\nGET / HTTP/1.1\r\n\r\n',
  ],
  ['one header that is too large', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(40_000)}\r\n\r\n`],
  ['a name that is too long', `GET /${'y'.repeat(40_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
  ['a bare line feed in a header', 'GET /api/config HTTP/1.1\nHost: x\nX: a\n\n'],
  ['a NUL', 'GET /api/config\0 HTTP/1.1\r\nHost: x\r\n\r\n'],
  ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\n${'X: y\r\n'.repeat(9000)}`],
  ['no HTTP', '\x16\x03\x01garbage'],
])('class 12: a request with %s is answered once, in the envelope or not at all', async (_, request) => {
  const text = await spoken(request);
  expect(text.match(/HTTP\/1\.1 /g)?.length ?? 0).toBeLessThanOrEqual(1);
  if (text !== '') expect(text).toMatch(/^HTTP\/1\.1 4\d\d [\s\S]*"error":\{"name"/);
});

it.each([
  [
    'a WebSocket',
    'GET /api/mesh/stream HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  ],
  [
    'HTTP/2 in clear',
    'GET /api/config HTTP/1.1\r\nHost: localhost\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ\r\nConnection: Upgrade, HTTP2-Settings, close\r\n\r\n',
  ],
  [
    'a stream of events',
    'GET /api/mesh/stream HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nConnection: close\r\n\r\n',
  ],
  ['a proxy', 'GET https://localhost/api/config HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'],
  ['a tunnel', 'CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n'],
])('class 5: whoever asks for %s without a login gets none', async (_, request) => {
  const text = await spoken(request);
  // A tunnel is not even answered.
  if (text !== '') expect(text).toMatch(/^HTTP\/1\.1 (401|404) /);
  expect(text).not.toMatch(/^HTTP\/1\.1 [123]/);
});

/** All that comes back until the connection ends; some wait for more, which never comes. */
function spoken(request: string): Promise<string> {
  return new Promise((resolve) => {
    let seen = '';
    const socket = connectTls({ host: '127.0.0.1', port: subject.port, rejectUnauthorized: false }, () => {
      socket.write(request);
      setTimeout(() => socket.destroy(), 3000).unref();
    });
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      seen += chunk;
    });
    socket.on('error', () => {}).on('close', () => resolve(seen));
  });
}
