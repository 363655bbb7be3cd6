import {
  createHash,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSignedCertificate } from '../../../src/api/self-signed.ts';
import { DialGuard } from '../../../src/net/dial-guard.ts';

export type Part = Record<string, unknown>;
export interface Token {
  readonly header: Part;
  readonly claims: Part;
}

/** What was asked of the issuer before the browser came back with a code. */
interface Grant {
  readonly challenge: string;
  readonly nonce: string;
  readonly redirectUri: string;
}

export const CLIENT = { id: 'meshwright', secret: 'hostile-client-secret' };
const encoded = (part: Part | string) =>
  Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');

/**
 * An issuer over TLS with real keys that is as honest as the test lets it be: every part of what it says can be
 * changed. Unchanged it does what a provider has to: each code once, for the verifier and address that it was given for.
 */
export class Forger {
  readonly keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  /** Real as well, but not among those that the issuer publishes. */
  readonly otherKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  readonly guard = new DialGuard(['127.0.0.0/8']);
  /** What the token endpoint was sent. */
  readonly redeemed: URLSearchParams[] = [];
  issuer = '';
  ca = '';
  subject = 'mallory';
  more: Part = {};
  discovery: (document: Part) => Part = (document) => document;
  token: (token: Token) => string | undefined = ({ header, claims }) => this.signed(header, claims);
  userinfo: Part = {};
  readonly #grants = new Map<string, Grant>();
  #server!: Server;

  async start(): Promise<this> {
    const { cert, key } = await selfSignedCertificate(['localhost', '127.0.0.1']);
    this.ca = cert;
    this.#server = createServer({ cert, key }, (request, response) => {
      void this.#answer(request).then(([status, body]) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.issuer = `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  signed(header: Part, claims: Part, key: KeyObject = this.keys.privateKey): string {
    const text = `${encoded(header)}.${encoded(claims)}`;
    return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
  }

  /** With a secret that everybody knows, such as the text of the public key. */
  withSecret(claims: Part, secret: string, header: Part = { alg: 'HS256', kid: 'k1' }): string {
    const text = `${encoded(header)}.${encoded(claims)}`;
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
  }

  unsigned({ header, claims }: Token, alg: string): string {
    return `${encoded({ ...header, alg })}.${encoded(claims)}.`;
  }

  get publicKey(): string {
    return createPublicKey(this.keys.privateKey).export({ type: 'spki', format: 'pem' }).toString();
  }

  /** The browser at the issuer: what it comes back with to the controller. */
  authorize(target: string): { code: string; state: string; callback: string } {
    const asked = new URL(target).searchParams;
    const code = `code-${this.#grants.size + 1}`;
    this.#grants.set(code, {
      challenge: asked.get('code_challenge') ?? '',
      nonce: asked.get('nonce') ?? '',
      redirectUri: asked.get('redirect_uri') ?? '',
    });
    const state = asked.get('state') ?? '';
    return { code, state, callback: `/api/session/oidc/callback?code=${code}&state=${state}` };
  }

  async #answer(request: IncomingMessage): Promise<[number, Part]> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    switch (request.url) {
      case '/.well-known/openid-configuration':
        return [
          200,
          this.discovery({
            issuer: this.issuer,
            authorization_endpoint: `${this.issuer}/authorize`,
            token_endpoint: `${this.issuer}/token`,
            userinfo_endpoint: `${this.issuer}/me`,
            jwks_uri: `${this.issuer}/jwks`,
            response_types_supported: ['code'],
            subject_types_supported: ['public'],
            id_token_signing_alg_values_supported: ['RS256'],
          }),
        ];
      case '/jwks': {
        const jwk = createPublicKey(this.keys.privateKey).export({ format: 'jwk' });
        return [200, { keys: [{ ...jwk, kid: 'k1', use: 'sig' }] }];
      }
      case '/me':
        return [200, this.userinfo];
      case '/token':
        return this.#redeem(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
      default:
        return [404, {}];
    }
  }

  #redeem(form: URLSearchParams): [number, Part] {
    this.redeemed.push(form);
    const code = form.get('code') ?? '';
    const grant = this.#grants.get(code);
    this.#grants.delete(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (!grant || grant.challenge !== challenge || grant.redirectUri !== form.get('redirect_uri'))
      return [400, { error: 'invalid_grant' }];
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: this.issuer,
      sub: this.subject,
      aud: CLIENT.id,
      exp: now + 300,
      iat: now,
      nonce: grant.nonce,
      groups: ['net-admins'],
      ...this.more,
    };
    const token = this.token({ header: { alg: 'RS256', kid: 'k1' }, claims });
    return [
      200,
      {
        access_token: 'an-access-token',
        token_type: 'Bearer',
        ...(token !== undefined && { id_token: token }),
      },
    ];
  }
}
