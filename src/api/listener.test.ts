import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent, request } from 'node:https';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as tlsConnect } from 'node:tls';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ControlSocket } from './control-socket.ts';
import { ApiListener } from './listener.ts';
import { selfSignedCertificate } from './self-signed.ts';
import { type ApiServer, buildServer } from './server.ts';
import { BASIC, testContext } from './test-context.ts';

let tls: { cert: string; key: string };
let context: Awaited<ReturnType<typeof testContext>>;
let server: ApiServer;
let listener: ApiListener;
const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });

beforeAll(async () => {
  tls = await selfSignedCertificate(['one']);
});

beforeEach(async () => {
  context = await testContext({ restart: (reason) => void listener.restart(reason) });
  server = await buildServer(context.ctx);
  listener = new ApiListener({
    handler: server.app.routing,
    ...tls,
    port: 0,
    host: '127.0.0.1',
    downMs: 600,
    graceMs: 150,
  });
  await listener.start();
  // The window comes back on the same port.
  const { port } = listener;
  await listener.stop();
  listener = new ApiListener({
    handler: server.app.routing,
    ...tls,
    port,
    host: '127.0.0.1',
    downMs: 600,
    graceMs: 150,
  });
  await listener.start();
});

afterEach(async () => {
  await listener.stop();
  await server.app.close();
});

interface Reply {
  readonly status: number;
  readonly body: string;
}

function ask(method: string, path: string, body = '', over: object = {}): Promise<Reply> {
  const headers = { authorization: BASIC, 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: listener.port, agent, method, path, headers, ...over };
    const send = 'socketPath' in over ? httpRequest : request;
    const outgoing = send(options, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode!, body: text }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** What a plain connection attempt meets. */
function knock(): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(listener.port, '127.0.0.1', () => {
      socket.destroy();
      resolve('open');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
  });
}

async function until(wanted: string, limitMs: number): Promise<number> {
  const start = performance.now();
  while ((await knock()) !== wanted) {
    if (performance.now() - start > limitMs) throw new Error(`not ${wanted} within ${limitMs} ms`);
    await sleep(10);
  }
  return performance.now() - start;
}

describe('the restart window', () => {
  it('lets the reply out, refuses connections, and comes back', async () => {
    const told: object[] = [];
    listener.on('restarting', (event) => told.push(event));
    const reply = await ask('PUT', '/api/server', '{"reboot":true}');
    expect(reply).toEqual({ status: 200, body: '{"response":{"status":"rebooting"}}' });
    expect(told).toEqual([{ reason: 'restart requested', seconds: 1 }]);
    expect((await ask('GET', '/api/config')).status).toBe(200);
    await until('ECONNREFUSED', 1000);
    expect(await until('open', 2000)).toBeGreaterThan(400);
    expect((await ask('GET', '/api/config')).status).toBe(200);
  });

  it('cuts connections that are idle, shaking hands or waiting for an event', async () => {
    const idle = tlsConnect({ port: listener.port, host: '127.0.0.1', rejectUnauthorized: false });
    await new Promise((resolve) => idle.once('secureConnect', resolve));
    const silent = connect(listener.port, '127.0.0.1');
    await new Promise((resolve) => silent.once('connect', resolve));
    const ends = [idle, silent].map((socket) => {
      socket.on('error', () => {});
      return new Promise((resolve) => socket.once('close', resolve));
    });
    await Promise.all([listener.restart('test'), ...ends]);
    expect((await ask('GET', '/api/config')).status).toBe(200);
  });

  it('does hidden work while nobody can ask, shares one window, and survives failing work', async () => {
    const states: string[] = [];
    const troubles: unknown[] = [];
    listener.on('trouble', (error) => troubles.push(error));
    const first = listener.restart('one', async () => void states.push(await knock()));
    const second = listener.restart('two', () => {
      throw new Error('work failed');
    });
    let third: Promise<void> | undefined;
    const late = until('ECONNREFUSED', 1000)
      .then(() => sleep(400))
      .then(() => {
        third = listener.restart('three', async () => void states.push(await knock()));
      });
    await Promise.all([first, second, late]);
    await third;
    expect(states).toEqual(['ECONNREFUSED', 'ECONNREFUSED']);
    expect(troubles).toHaveLength(1);
    expect(await knock()).toBe('open');
    await listener.restart('again');
    expect(await knock()).toBe('open');
  });

  it('waits for its port when somebody else took it', async () => {
    const { port } = listener;
    const troubles: unknown[] = [];
    listener.on('trouble', (error) => troubles.push(error));
    const thief = createServer();
    const done = listener.restart(
      'test',
      () => new Promise<void>((resolve) => void thief.listen(port, '127.0.0.1', resolve)),
    );
    await until('open', 2000);
    await expect.poll(() => troubles.length, { timeout: 3000 }).toBeGreaterThan(0);
    thief.close();
    await done;
    expect((await ask('GET', '/api/config')).status).toBe(200);
  });
});

describe('the connection', () => {
  const handshake = (options: object) =>
    new Promise<string>((resolve) => {
      const socket = tlsConnect(
        { port: listener.port, host: '127.0.0.1', rejectUnauthorized: false, ...options },
        () => {
          const subject = socket.getPeerCertificate().subject?.CN;
          resolve(`${socket.getProtocol()} ${String(subject)}`);
          socket.destroy();
        },
      );
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(`refused ${error.code ?? ''}`));
    });

  it('is TLS 1.2 or later', async () => {
    expect(await handshake({})).toBe('TLSv1.3 one');
    expect(await handshake({ maxVersion: 'TLSv1.2' })).toBe('TLSv1.2 one');
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
    expect(await handshake(old)).toMatch(/^refused/);
  });

  it('takes a new certificate without a restart and keeps it over one', async () => {
    const two = await selfSignedCertificate(['two']);
    listener.setCertificate(two.cert, two.key);
    expect(await handshake({})).toBe('TLSv1.3 two');
    await listener.restart('test');
    expect(await handshake({})).toBe('TLSv1.3 two');
  });

  it('is kept open for longer than clients keep theirs', async () => {
    const response = await new Promise<string>((resolve) => {
      const socket = tlsConnect({ port: listener.port, host: '127.0.0.1', rejectUnauthorized: false }, () =>
        socket.write(`GET /api/config HTTP/1.1\r\nHost: x\r\nAuthorization: ${BASIC}\r\n\r\n`),
      );
      socket.once('data', (data) => {
        resolve(String(data));
        socket.destroy();
      });
    });
    expect(Number(/keep-alive: timeout=(\d+)/i.exec(response)?.[1])).toBeGreaterThanOrEqual(65);
  });

  it('answers what is no HTTP in the envelope', async () => {
    const raw = (text: string) =>
      new Promise<string>((resolve) => {
        let answer = '';
        const socket = tlsConnect({ port: listener.port, host: '127.0.0.1', rejectUnauthorized: false }, () =>
          socket.write(text),
        );
        socket.on('data', (data) => (answer += data));
        socket.on('close', () => resolve(answer));
        socket.on('error', () => {});
      });
    expect(await raw('NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*\{"error":\{"name"/s);
    expect(await raw(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 .*"error"/s,
    );
  });

  it('is not held up by clients that send slowly', async () => {
    const slow = Array.from({ length: 100 }, () => {
      const socket = tlsConnect({ port: listener.port, host: '127.0.0.1', rejectUnauthorized: false }, () =>
        socket.write('POST /api/routes HTTP/1.1\r\nHost: x\r\nContent-Le'),
      );
      socket.on('error', () => {});
      return socket;
    });
    await Promise.all(slow.map((socket) => new Promise((resolve) => socket.once('secureConnect', resolve))));
    await ask('GET', '/api/config');
    const start = performance.now();
    expect((await ask('GET', '/api/config')).status).toBe(200);
    expect(performance.now() - start).toBeLessThan(100);
    for (const socket of slow) socket.destroy();
  });
});

describe('the control socket', () => {
  const folder = mkdtempSync(join(tmpdir(), 'meshwright-control-'));
  const socketPath = join(folder, 'control.sock');
  const local = (method: string, path: string) =>
    ask(method, path, '', { socketPath, agent: new HttpAgent(), headers: {} });

  it('is for its owner alone, needs no password, and stays up while the API is down', async () => {
    writeFileSync(socketPath, 'left behind');
    const control = new ControlSocket(socketPath, server.app.routing);
    await control.start();
    expect(statSync(socketPath).mode & 0o777).toBe(0o600);
    const window = listener.restart('test');
    await until('ECONNREFUSED', 1000);
    expect((await local('GET', '/api/config')).status).toBe(200);
    await window;

    await context.ctx.apiPassword.reset();
    const first = JSON.parse((await local('GET', '/api/local/credentials')).body) as {
      response: { password: string };
    };
    expect(await context.ctx.apiPassword.verify(first.response.password)).toBe(true);
    const second = JSON.parse((await local('GET', '/api/local/credentials')).body) as { response: object };
    expect(second.response).toMatchObject({
      username: 'api',
      password: null,
      note: expect.stringContaining('already'),
    });
    const reset = JSON.parse((await local('POST', '/api/local/credentials/reset')).body) as {
      response: { password: string };
    };
    expect(await context.ctx.apiPassword.verify(reset.response.password)).toBe(true);
    await control.stop();
    rmSync(folder, { recursive: true });
  });
});
