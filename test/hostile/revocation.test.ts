import { get } from 'node:https';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { basic, cookieOf, HostileController, PASSWORD, page } from './support/controller.ts';

/** Class 16: what was begun with credentials that are over by now, and would run on for ever. */
let subject: HostileController;
let serial = 0;

beforeAll(async () => {
  subject = await new HostileController().start();
  await subject.makeUser('root', 'admin');
});
afterAll(() => subject.stop());

type Headers = Record<string, string>;
/** A stream of events that is open; and how it ends. */
async function open(headers: Headers): Promise<{ over: Promise<string> }> {
  let end!: (how: string) => void;
  const over = new Promise<string>((resolve) => {
    end = resolve;
  });
  await new Promise<void>((resolve, reject) => {
    const { port } = subject;
    get(
      { host: '127.0.0.1', port, path: '/api/mesh/stream', headers, rejectUnauthorized: false },
      (answer) => {
        expect(answer.statusCode).toBe(200);
        answer.on('error', () => {}).on('close', () => end('cut'));
        answer.once('data', () => resolve());
      },
    ).on('error', reject);
  });
  return { over };
}
const user = async () => {
  const name = `user-${++serial}`;
  return { name, headers: await subject.makeUser(name, 'operator') };
};
const logIn = async (body: object, path = '/api/session') => {
  const headers = page(subject.port);
  const login = await subject.ask({ method: 'POST', path, headers, body: JSON.stringify(body) });
  expect(login.status).toBe(200);
  return { ...headers, cookie: cookieOf(login) };
};
const done = async (method: string, path: string, body?: object) =>
  expect((await subject.api(method, path, body)).status).toBe(200);

type Case = [string, () => Promise<[Headers, () => Promise<unknown>]>];
/** These leave each other alone, and each has to wait for a heartbeat. */
const APART: Case[] = [
  [
    'a token that was ended',
    async () => {
      const { id, token } = (await subject.api('POST', '/access/token', {})).json.response;
      return [{ 'api-token': token }, () => done('PUT', `/access/token/${id}`, { expired: true })];
    },
  ],
  [
    'a token that was deleted',
    async () => {
      const { id, token } = (await subject.api('POST', '/access/token', {})).json.response;
      return [{ 'api-token': token }, () => done('DELETE', `/access/token/${id}`)];
    },
  ],
  [
    'a token of somebody who was removed',
    async () => {
      const { name, headers } = await user();
      await done('PUT', `/mesh/users/${name}`, { role: 'admin' });
      const { token } = (await subject.api('POST', '/access/token', {}, headers)).json.response;
      return [{ 'api-token': token }, () => done('DELETE', `/mesh/users/${name}`)];
    },
  ],
  [
    'the password of somebody who was disabled',
    async () => {
      const { name, headers } = await user();
      return [headers, () => done('PUT', `/mesh/users/${name}`, { disabled: true })];
    },
  ],
  [
    'a password that is another now',
    async () => {
      const { name, headers } = await user();
      return [headers, () => done('PUT', `/mesh/users/${name}`, { password: 'another password' })];
    },
  ],
  [
    'the password of somebody with a lesser role now',
    async () => {
      const { name, headers } = await user();
      return [headers, () => done('PUT', `/mesh/users/${name}`, { role: 'viewer' })];
    },
  ],
  [
    'a session of somebody who was removed',
    async () => {
      const { name } = await user();
      const headers = await logIn({ username: name, password: PASSWORD });
      return [headers, () => done('DELETE', `/mesh/users/${name}`)];
    },
  ],
  [
    'the visit of an access URL that was deleted',
    async () => {
      const { id, url } = (await subject.api('POST', '/access/url', {})).json.response;
      const headers = await logIn({ access: url.split('=')[1] }, '/api/session/visit');
      return [headers, () => done('DELETE', `/access/url/${id}`)];
    },
  ],
];
const FOR_ALL: Case[] = [
  [
    'a session of a console that was closed',
    async () => {
      const { name } = await user();
      const headers = await logIn({ username: name, password: PASSWORD });
      return [headers, () => done('PUT', '/admin_ui', { enabled: false })];
    },
  ],
  [
    "the API's password of before",
    async () => [
      basic('api', subject.apiPassword),
      async () => {
        await done('PUT', '/api_password', { password: 'a later api password' });
        subject.apiPassword = 'a later api password';
      },
    ],
  ],
];

async function expectCut(begin: Case[1]) {
  const [headers, revoke] = await begin();
  const stays = await open(basic('root', PASSWORD));
  const { over } = await open(headers);
  await revoke();
  expect(await over).toBe('cut');
  // Those of others run on.
  expect(
    await Promise.race([stays.over, subject.ask({ path: '/api/openapi.json' }).then(() => 'open')]),
  ).toBe('open');
}

it.concurrent.each(APART)('class 16: a stream that was opened with %s is cut', (_, begin) =>
  expectCut(begin),
);
it.each(FOR_ALL)('class 16: a stream that was opened with %s is cut', (_, begin) => expectCut(begin));
