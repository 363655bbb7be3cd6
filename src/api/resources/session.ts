import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { MeshwrightError } from '../../errors/catalogue.ts';
import type { ApiContext } from '../context.ts';
import { LoginThrottle } from '../login-throttle.ts';
import {
  giveSession,
  requireOwnPage,
  requireOwnPageOrProgram,
  sessionIdOf,
  takeSession,
} from '../session-cookie.ts';
import { Answer, answer, type Resource } from './resource.ts';

export const Session = Type.Object({
  authenticated: Type.Boolean(),
  user: Type.Union([Type.String(), Type.Null()]),
  setup_open: Type.Boolean({ description: 'The console has no user yet: `POST /setup` makes one' }),
  must_change: Type.Boolean({
    description: 'Nothing but `PUT /session/password` is allowed until it was done',
  }),
});
export type Session = Static<typeof Session>;
const response = Answer(Session);

const Secret = (description: string) => Type.String({ description, 'x-keep-empty': true });
const Login = Type.Object({ username: Type.String(), password: Secret('The password of the console') });
export const Setup = Type.Object({
  code: Type.String({ description: 'Shown on the machine itself by `meshwright credentials`' }),
  username: Type.String(),
  password: Secret('8 to 128 characters'),
  api_password: Type.Optional(Type.String({ description: 'Replaces the generated password of the API' })),
});
export type Setup = Static<typeof Setup>;
export const PasswordChange = Type.Object({
  current: Secret('The password so far'),
  password: Secret('8 to 128 characters'),
  username: Type.Optional(Type.String({ description: 'Renames the user' })),
});
export type PasswordChange = Static<typeof PasswordChange>;

/** Getting into the console and out of it. */
export const sessionRoutes: Resource = (api, ctx) => {
  const throttle = new LoginThrottle();
  const open = { permission: 'public' } as const;

  api.get(
    '/session',
    { config: open, schema: { summary: 'Show whether the console is logged in', response } },
    (request) => {
      requireEnabled(ctx);
      requireOwnPage(request, ctx.access.hosts);
      const id = sessionIdOf(request);
      return answer(shown(ctx, id !== null && ctx.access.sessions.find(id) !== null));
    },
  );
  api.post(
    '/session',
    { config: open, schema: { summary: 'Log in to the console', body: Login, response } },
    async (request, reply) => {
      requireEnabled(ctx);
      requireOwnPageOrProgram(request, ctx.access.hosts);
      await guarded(throttle, request, async () => {
        const { username, password } = request.body;
        if (!(await ctx.access.account.verify(username, password))) throw new MeshwrightError('LOGIN_FAILED');
      });
      return begin(ctx, request, reply);
    },
  );
  api.delete(
    '/session',
    { config: open, schema: { summary: 'Log out of the console', response } },
    (request, reply) => {
      const id = sessionIdOf(request);
      if (id !== null) {
        requireOwnPage(request, ctx.access.hosts);
        ctx.access.sessions.end(id);
      }
      takeSession(reply);
      return answer(shown(ctx, false));
    },
  );
  api.put(
    '/session/password',
    {
      config: { permission: 'session:write' },
      schema: { summary: 'Change the password of the console', body: PasswordChange, response },
    },
    async (request, reply) => {
      const { current, password, username } = request.body;
      const { account, sessions } = ctx.access;
      await guarded(throttle, request, async () => {
        if (!(await account.verify(account.username, current))) {
          throw new MeshwrightError('PASSWORD_WRONG', { field: 'current' });
        }
      });
      await account.change({ username, password }, { username: 'username', password: 'password' });
      sessions.endAll();
      return begin(ctx, request, reply);
    },
  );
  api.post(
    '/setup',
    { config: open, schema: { summary: 'Set up the user of the console, once', body: Setup, response } },
    async (request, reply) => {
      requireEnabled(ctx);
      requireOwnPageOrProgram(request, ctx.access.hosts);
      const { code, username, password, api_password } = request.body;
      const { account } = ctx.access;
      await guarded(throttle, request, async () => account.checkCode(code));
      const also =
        api_password === undefined ? null : await ctx.apiPassword.prepare(api_password, 'api_password');
      await account.setUp(code, username, password, () => also?.());
      return begin(ctx, request, reply);
    },
  );
};

function requireEnabled({ access }: ApiContext): void {
  if (!access.account.enabled) throw new MeshwrightError('CONSOLE_DISABLED');
}

/** Always a new id, so that one which somebody planted in the browser is worth nothing. */
function begin(ctx: ApiContext, request: FastifyRequest, reply: FastifyReply) {
  const before = sessionIdOf(request);
  if (before !== null) ctx.access.sessions.end(before);
  giveSession(reply, ctx.access.sessions.begin());
  return answer(shown(ctx, true));
}

function shown({ access: { account } }: ApiContext, authenticated: boolean): Session {
  return {
    authenticated,
    user: authenticated ? account.username : null,
    setup_open: account.setupOpen,
    must_change: authenticated && account.mustChange,
  };
}

const WRONG = new Set(['LOGIN_FAILED', 'SETUP_CODE_WRONG', 'PASSWORD_WRONG']);

async function guarded(
  throttle: LoginThrottle,
  request: FastifyRequest,
  check: () => Promise<void>,
): Promise<void> {
  const source = request.socket.remoteAddress ?? 'unknown';
  await throttle.admit(source);
  try {
    await check();
  } catch (error) {
    if (error instanceof MeshwrightError && WRONG.has(error.code)) throttle.failed(source);
    throw error;
  }
  throttle.succeeded(source);
}
