import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import { selfSignedCertificate } from '../api/self-signed.ts';
import { DialGuard } from '../net/dial-guard.ts';

export interface TestProvider {
  readonly issuer: string;
  readonly ca: string;
  readonly guard: DialGuard;
  /** What the provider says about whoever logs in, by login name. */
  readonly people: Record<string, Record<string, unknown>>;
  stop(): Promise<void>;
}

export const CLIENT = { id: 'meshwright', secret: 'canary-oidc-secret' };

/** A real OpenID Connect provider over TLS, which asks everybody for a name and takes any password. */
export async function startProvider(redirectUri: string): Promise<TestProvider> {
  const { cert, key } = await selfSignedCertificate(['localhost', '127.0.0.1']);
  const server: Server = createServer({ cert, key });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const people: TestProvider['people'] = {};
  const provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [redirectUri] }],
    claims: { openid: ['sub', 'groups', 'preferred_username'], email: ['email', 'email_verified'] },
    pkce: { required: () => true },
    cookies: { keys: ['a test'] },
    findAccount: (_, id) => ({ accountId: id, claims: async () => ({ ...people[id], sub: id }) }),
  });
  provider.proxy = true;
  server.on('request', provider.callback() as never);
  return {
    issuer,
    ca: cert,
    guard: new DialGuard(['127.0.0.0/8']),
    people,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A browser at the provider: follows its redirects, fills its forms in, and stops where it sends us back to. */
export async function logInAt(provider: TestProvider, start: string, login: string): Promise<string> {
  const { request } = await import('node:https');
  const jar = new Map<string, string>();
  const go = (url: string, form?: string) =>
    new Promise<{ location: string | undefined; text: string }>((resolve, reject) => {
      const call = request(
        url,
        {
          ca: provider.ca,
          method: form === undefined ? 'GET' : 'POST',
          headers: {
            cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
            ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
          },
        },
        (answer) => {
          for (const cookie of answer.headers['set-cookie'] ?? []) {
            const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
            jar.set(name!, value!);
          }
          let text = '';
          answer.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk;
          });
          answer.on('end', () => resolve({ location: answer.headers.location, text }));
        },
      );
      call.on('error', reject);
      call.end(form);
    });
  let url = start;
  for (let step = 0; step < 12; step++) {
    let { location, text } = await go(url);
    if (location === undefined) {
      const prompt = /name="prompt" value="(\w+)"/.exec(text)?.[1];
      if (!prompt) throw new Error(`the provider shows a page without a form: ${text.slice(0, 500)}`);
      ({ location, text } = await go(url, `prompt=${prompt}&login=${login}&password=x`));
    }
    url = new URL(location!, provider.issuer).href;
    if (!url.startsWith(provider.issuer)) return url;
  }
  throw new Error('the provider never sent us back');
}
