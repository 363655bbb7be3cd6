import { createServer, type Server } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selfSignedCertificate } from '../../src/api/self-signed.ts';
import { RefusedError } from '../../src/cli/cli-error.ts';
import { foundTopology } from '../../src/lab/mesh-setup.ts';
import { lab as names } from '../../src/lab/plan.ts';
import { API_PORT } from '../../src/paths.ts';
import { cli } from '../support/cli.ts';
import { http, knock } from '../support/http.ts';
import { TOKEN, testLab } from '../support/lab.ts';
import { eventually, until } from '../support/until.ts';

/*
 *     [ 1 ]  licence and keyset        [ 2 ]  fresh: fetches        [ 3 ]  fresh: guesses
 *       | 10.195.0.1                     | 10.195.0.2                 | 10.195.0.3
 *     ==+================================+============================+====+===============
 *                                                                          | 10.195.0.254
 *       10.195.0.222: nobody                              this machine: whatever listens on 8000
 */
const SOURCE = '10.195.0.1';
const NOBODY = '10.195.0.222';
const WRONG = 'not the token';

interface Status {
  readonly keyset_present: boolean;
  readonly in_progress?: boolean;
  readonly started_at_i?: number;
  readonly checksum?: string;
}

interface Progress {
  readonly failure: { code: string; message: string; at: number } | null;
}

const lab = testLab({ fresh: true }, (fresh) => foundTopology(fresh.member(1), fresh.state.license, TOKEN));

/** Nobody can have two meanings here: the attempt has ended and there is no keyset. */
async function isIdle(id: number): Promise<boolean> {
  try {
    return !(await lab.api(id).get<Status>('/keyset')).in_progress;
  } catch (error) {
    if (error instanceof RefusedError && error.message.includes('Must be licensed first.')) return true;
    throw error;
  }
}

/** One attempt that fails; what it was called, how long it took, and what told it apart from others. */
async function failedFetch(id: number, source: string, token = TOKEN) {
  const begin = performance.now();
  const started = await lab.api(id).put<Status>('/keyset', { token, source });
  expect(started).toMatchObject({ keyset_present: false, in_progress: true });
  await until('the attempt to end', () => isIdle(id), { within: 30 });
  const seconds = (performance.now() - begin) / 1000;
  const { failure } = await lab.api(id).get<Progress>('/mesh/keyset');
  return { code: failure?.code, message: failure?.message, seconds, startedAt: started.started_at_i! };
}

describe('a controller that guesses', () => {
  it('is told that the token is wrong, each time', async () => {
    for (let count = 0; count < 6; count++)
      expect(await failedFetch(3, SOURCE, `${WRONG} ${count}`)).toMatchObject({
        code: 'EXCHANGE_WRONG_TOKEN',
      });
  });
});

describe('a fetch that fails', () => {
  it.each([
    [
      'a closed port',
      names.hostAddress,
      'FETCH_REFUSED',
      `${names.hostAddress} refused the connection to TCP port 8000`,
    ],
    ['an address of nobody', NOBODY, 'FETCH_UNREACHABLE', `${NOBODY} did not answer on TCP port 8000`],
    ['a source without a keyset', '10.195.0.3', 'EXCHANGE_NO_KEYSET', 'The source has no keyset yet'],
    [
      'a name that does not resolve',
      'nowhere.invalid',
      'FETCH_NAME_UNKNOWN',
      'The name nowhere.invalid could not be resolved',
    ],
  ])('is named: %s', async (_, source, code, words) => {
    const failed = await failedFetch(2, source);
    expect(failed.code).toBe(code);
    expect(failed.message).toContain(words);
    expect(failed.seconds).toBeLessThan(20);
  });

  it('is named: a wrong token', async () => {
    const failed = await failedFetch(2, SOURCE, WRONG);
    expect(failed).toMatchObject({ code: 'EXCHANGE_WRONG_TOKEN' });
    expect(failed.seconds).toBeLessThan(20);
  });

  it('leaves the controller as it was, and says in the log what was wrong', async () => {
    expect((await lab.mesh(2)).controller).toMatchObject({ licensed: false, keyset: 'absent', id: null });
    const { stdout } = await lab.exec(2, ['cat', '/var/log/meshwright/controller/current']);
    expect(stdout).toContain('The security token is not the one the keyset was generated with');
    expect(stdout).not.toContain(WRONG);
    expect(stdout).not.toContain(TOKEN);
  });

  it('can be told from the attempt before, by the second in which it began', async () => {
    const attempts = [];
    for (let count = 0; count < 3; count++) attempts.push(await failedFetch(2, 'nowhere.invalid'));
    expect(new Set(attempts.map(({ startedAt }) => startedAt)).size).toBe(3);
  });

  it('is refused at once when the source makes no sense', async () => {
    const put = (body: object) =>
      lab
        .api(2)
        .put('/keyset', body)
        .catch((error: RefusedError) => error.message);
    expect(await put({ token: TOKEN, source: '127.0.0.1' })).toContain(
      'a loopback address is this machine itself',
    );
    expect(await put({ token: TOKEN, source: 'a b' })).toContain('source is invalid');
    expect(await put({ source: SOURCE })).toContain('token is missing');
    expect(await put({ token: TOKEN })).toContain('Must be licensed first.');
  });
});

describe('something else on port 8000', () => {
  const servers: { close(): unknown }[] = [];
  afterAll(() => {
    for (const server of servers) server.close();
  });

  it.each(['no TLS', 'a web page'])('is named: %s', async (kind) => {
    const server =
      kind === 'no TLS'
        ? createTcpServer((socket) =>
            socket
              .on('error', () => undefined)
              .resume()
              .end('220 hello\r\n'),
          )
        : await webPage();
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(API_PORT, names.hostAddress, resolve));
    const failed = await failedFetch(2, names.hostAddress);
    expect(failed.code).toBe('FETCH_NOT_A_CONTROLLER');
    expect(failed.message).toContain(
      `${names.hostAddress} answers on TCP port 8000, but not like a controller`,
    );
    await new Promise((resolve) => server.close(resolve));
  });
});

async function webPage(): Promise<Server> {
  return createServer(await selfSignedCertificate(['example.net']), (_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<h1>It works</h1>');
  });
}

describe('a source that went dark', () => {
  beforeAll(() => lab.cut(2, 1));
  afterAll(() => lab.heal());

  it('is named within 20 seconds, and the API says meanwhile that a fetch runs', async () => {
    const attempt = failedFetch(2, SOURCE);
    await until('the fetch to run', async () => !(await isIdle(2)), { within: 5 });
    expect(await lab.api(2).get<Status>('/keyset')).toMatchObject({
      keyset_present: false,
      in_progress: true,
    });
    for (const body of [{ token: TOKEN, source: SOURCE }, { token: TOKEN }]) {
      const second = await http('10.195.0.2', {
        method: 'PUT',
        path: '/api/keyset',
        password: lab.state.controllers[1]!.password,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(second).toMatchObject({
        status: 400,
        json: { error: { message: 'Keyset setup in progress.' } },
      });
    }
    const failed = await attempt;
    expect(failed.code).toBe('FETCH_UNREACHABLE');
    expect(failed.seconds).toBeLessThan(22);
  });
});

describe('the command line', () => {
  it.each([
    [names.hostAddress, TOKEN, 'refused the connection to TCP port 8000'],
    [SOURCE, WRONG, 'The security token is not the one the keyset was generated with'],
    ['nowhere.invalid', TOKEN, 'could not be resolved'],
  ])('says why: %s', async (source, token, words) => {
    const { code, stdout, stderr } = await cli(['keyset', 'fetch', source, '--lab', '2'], {
      MESHWRIGHT_TOKEN: token,
    });
    expect(stdout).toBe('');
    expect(stderr).toContain(words);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(4);
  });
});

describe('a source that was asked with wrong tokens', () => {
  it('makes the one who guesses wait, and nobody else', async () => {
    const body = JSON.stringify({ version: '0.1.0', start_login_request: 'x' });
    const url = `https://${SOURCE}:8000/api/mesh/keyset-exchange/start`;
    const script = `process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(${JSON.stringify(url)}, { method: 'POST', headers, body: ${JSON.stringify(body)} });
      console.log(await answer.text());`;
    // A guess that was given up counts when its exchange expires, after half a minute.
    await eventually(
      'the guesses count',
      async () => {
        const { stdout } = await lab.exec(3, [process.execPath, '--input-type=module', '-e', script]);
        expect(JSON.parse(stdout)).toMatchObject({ response: { refused: 'TOO_MANY_ATTEMPTS' } });
      },
      { within: 60, everyMs: 1000 },
    );
    const other = await http(SOURCE, {
      method: 'POST',
      path: '/api/mesh/keyset-exchange/start',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(other.json).toMatchObject({ response: { refused: 'EXCHANGE_MALFORMED' } });
  });
});

describe('a fetch that succeeds', () => {
  it('restarts the API, and no client sees the keyset before', async () => {
    const password = lab.state.controllers[1]!.password;
    const api = { password, headers: { 'content-type': 'application/json' } };
    const put = (): Promise<number | string> =>
      http('10.195.0.2', {
        ...api,
        method: 'PUT',
        path: '/api/keyset',
        body: JSON.stringify({ token: TOKEN, source: SOURCE }),
        timeoutMs: 2000,
      }).then(
        ({ json, status }) => (json?.error?.message as string | undefined) ?? status,
        (error: NodeJS.ErrnoException) => error.code ?? error.message,
      );
    expect(await put()).toBe(200);
    const seen: { at: number; put: number | string; get: string }[] = [];
    await until(
      'the keyset to be there',
      async () => {
        const at = performance.now();
        const get = await http('10.195.0.2', { ...api, path: '/api/keyset', timeoutMs: 2000 }).then(
          ({ status, json }) => `${status} ${json?.response?.keyset_present}`,
          (error: NodeJS.ErrnoException) => error.code ?? error.message,
        );
        seen.push({ at, get, put: await put() });
        return get === '200 true';
      },
      { within: 60, everyMs: 200 },
    );
    const refused = seen.filter(({ get }) => get === 'ECONNREFUSED');
    const first = seen.indexOf(refused[0]!);
    const before = seen.slice(0, first);
    // Until the port is refused: nothing but "in progress". The last answer may have been cut off.
    expect(before.map(({ get }) => get).filter((get) => get !== 'ECONNRESET')).toEqual(
      before.map(() => '200 false').slice(0, before.filter(({ get }) => get !== 'ECONNRESET').length),
    );
    expect(new Set(before.map((one) => one.put))).not.toContain('Keyset already exists.');
    expect(refused.at(-1)!.at - refused[0]!.at).toBeGreaterThan(4000);
    // And after it, from the first answer on: everything.
    expect(seen.at(-1)).toMatchObject({ get: '200 true', put: 'Keyset already exists.' });
    expect(seen.slice(first, -1).map(({ get }) => get)).toEqual(refused.map(() => 'ECONNREFUSED'));
  });

  it('brought licence, name and addressing of the source', async () => {
    const [one, two] = await Promise.all([1, 2].map((id) => lab.mesh(id)));
    expect(two!.controller).toMatchObject({ licensed: true, keyset: 'present', licensed_controllers: 10 });
    expect(two!.controller.topology_checksum).toBe(one!.controller.topology_checksum);
    expect(two!.controller.topology_name).toBe(one!.controller.topology_name);
    const keysets = await Promise.all([1, 2].map((id) => lab.api(id).get<Status>('/keyset')));
    expect(keysets[1]).toEqual(keysets[0]);
    const licenses = await Promise.all(
      [1, 2].map((id) => lab.api(id).get<{ sha1_checksum: string }>('/license')),
    );
    expect(licenses[1]!.sha1_checksum).toBe(licenses[0]!.sha1_checksum);
  });

  it('works for the guesser too, once it has the token, and from a second member', async () => {
    const { code, stdout, stderr } = await cli(['keyset', 'fetch', '10.195.0.2', '--lab', '3'], {
      MESHWRIGHT_TOKEN: TOKEN,
    });
    expect(code, stderr).toBe(0);
    expect(stdout).toContain((await lab.api(1).get<Status>('/keyset')).checksum);
    expect(
      await knock('10.195.0.3', { path: '/api/keyset', password: lab.state.controllers[2]!.password }),
    ).toBe(200);
  });
});
