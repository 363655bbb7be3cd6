import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { Agent, request } from 'node:https';
import type { Role } from '../../../src/access/roles.ts';
import { root } from '../../../src/programs.ts';
import { until } from '../../support/until.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
}

export interface Ask {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** An address of this machine to come from, for those who guess: guesses are slowed down per source. */
  readonly from?: string;
}

export const API_PASSWORD = 'hostile api password';
export const PASSWORD = 'hostile user password';
export const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

/** Somebody who sends requests to a controller, over TLS, as whoever he says he is. */
export abstract class Caller {
  readonly agent = new Agent({ keepAlive: true, maxSockets: 16, rejectUnauthorized: false });
  /** What the API's own user is believed by. */
  apiPassword = API_PASSWORD;

  abstract get port(): number;

  ask({ method = 'GET', path, headers = {}, body, from }: Ask): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const call = request(
        {
          host: '127.0.0.1',
          port: this.port,
          method,
          path,
          agent: this.agent,
          ...(from !== undefined && { localAddress: from }),
          headers: {
            ...(body !== undefined && {
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(body),
            }),
            ...headers,
          },
          timeout: 30_000,
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', reject);
          answer.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            let json: unknown;
            try {
              json = JSON.parse(text);
            } catch {
              json = undefined;
            }
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, json });
          });
        },
      );
      call.on('timeout', () => call.destroy(new Error(`no answer to ${method} ${path}`)));
      call.on('error', reject);
      call.end(body);
    });
  }

  /** As the API's own user, with a JSON body. */
  api(
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = basic('api', this.apiPassword),
  ): Promise<Answer> {
    return this.ask({ method, path: `/api${path}`, headers, ...(body && { body: JSON.stringify(body) }) });
  }

  /** Licensed, with an id and a keyset: everything that the API offers is open from here on. */
  async becomeMember(headers: Record<string, string>, token = 'a token of nobody'): Promise<void> {
    const body = readFileSync(`${root}/licenses/free.license`, 'utf8');
    const type = { 'content-type': 'text/plain' };
    await this.ask({ method: 'PUT', path: '/api/license', headers: { ...headers, ...type }, body });
    for (const [path, json] of [
      ['/license/parameters', { default: true }],
      ['/peering/self', { id: 1 }],
      ['/keyset', { token }],
    ] as const) {
      const answer = await this.api('PUT', path, json, headers);
      if (answer.status !== 200) throw new Error(`${path}: ${answer.text}`);
    }
    const isThere = async () =>
      (await this.api('GET', '/keyset', undefined, headers)).json.response?.keyset_present;
    await until('the keyset is there', isThere, { within: 60 });
  }

  async makeUser(name: string, role: Role): Promise<Record<string, string>> {
    const made = await this.api('POST', '/mesh/users', { name, role, password: PASSWORD });
    if (made.status !== 200) throw new Error(made.text);
    return basic(name, PASSWORD);
  }
}

/** The page of a browser that opened the console. */
export const page = (port: number) => ({
  host: `127.0.0.1:${port}`,
  'sec-fetch-site': 'same-origin',
  'sec-fetch-mode': 'cors',
});

export const cookieOf = ({ headers }: Answer): string => String(headers['set-cookie']).split(';')[0]!;
