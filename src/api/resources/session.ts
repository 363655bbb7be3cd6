import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { packOf } from '../../access/access-urls.ts';
import type { SessionInfo } from '../../access/sessions.ts';
import type { User } from '../../access/users.ts';
import { MeshwrightError } from '../../errors/catalogue.ts';
import type { ApiContext } from '../context.ts';
import { guarded } from '../guarded.ts';
import {
  giveSession,
  requireOwnPage,
  requireOwnPageOrProgram,
  sessionIdOf,
  takeSession,
} from '../session-cookie.ts';
import { sourceOf } from '../source.ts';
import { Answer, answer, type Resource } from './resource.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const Session = Type.Object({
  authenticated: Type.Boolean(),
  user: Nullable(Type.String()),
  role: Nullable(Type.String({ description: '`admin`, `operator` or `viewer`' })),
  setup_open: Type.Boolean({ description: 'The console has no user yet: `POST /setup` makes one' }),
  must_change: Type.Boolean({
    description: 'Nothing but `PUT /session/password` is allowed until it was done',
  }),
  second_factor: Type.Boolean({ description: 'Whether this user needs a code to log in' }),
  visit: Nullable(
    Type.Object(
      { until: Type.Integer({ description: 'Unix milliseconds' }), clientpack: Nullable(Type.String()) },
      { description: 'Who came by an access URL, and may stay until its end' },
    ),
  ),
  single_sign_on: Type.Boolean({ description: 'Whether `GET /session/oidc` leads to a login elsewhere' }),
});
export type Session = Static<typeof Session>;
const response = Answer(Session);

const Secret = (description: string) => Type.String({ description, 'x-keep-empty': true });
const Login = Type.Object({
  username: Type.String(),
  password: Secret('The password of the console'),
  code: Type.Optional(
    Type.String({ description: 'Of the second factor, or a recovery code', maxLength: 64 }),
  ),
});
const Visit = Type.Object({
  access: Type.String({ description: 'The secret of an access URL', maxLength: 128 }),
});
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
  const open = { permission: 'public' } as const;
  const entrance = { permission: 'public', audited: true } as const;

  api.get(
    '/session',
    { config: open, schema: { summary: 'Show whether the console is logged in', response } },
    (request) => {
      requireEnabled(ctx);
      requireOwnPage(request, ctx.access.hosts);
      const id = sessionIdOf(request);
      return answer(shown(ctx, id === null ? null : ctx.access.sessions.find(id)));
    },
  );
  api.post(
    '/session',
    { config: entrance, schema: { summary: 'Log in to the console', body: Login, response } },
    async (request, reply) => {
      requireEnabled(ctx);
      requireOwnPageOrProgram(request, ctx.access.hosts);
      const { username, password, code } = request.body;
      const user = await guarded(ctx, request, username, async () => {
        const found = await ctx.access.users.verify(username, password);
        if (!found) throw new MeshwrightError('LOGIN_FAILED');
        requireSecondFactor(ctx, found, code);
        return found;
      });
      return begin(ctx, request, reply, user);
    },
  );
  api.post(
    '/session/visit',
    { config: entrance, schema: { summary: 'Log in with an access URL', body: Visit, response } },
    async (request, reply) => {
      requireEnabled(ctx);
      requireOwnPageOrProgram(request, ctx.access.hosts);
      const { urls, sessions } = ctx.access;
      const url = await guarded(ctx, request, undefined, async () =>
        urls.redeem(request.body.access, sourceOf(request)),
      );
      endFormer(ctx, request);
      const id = sessions.begin({ urlId: url.id, until: url.expires_at, ...whence(request) });
      request.principal = { name: `access URL ${url.id}`, permissions: new Set() };
      giveSession(reply, id);
      return answer(shown(ctx, sessions.find(id)));
    },
  );
  api.delete(
    '/session',
    { config: open, schema: { summary: 'Log out of the console', response } },
    (request, reply) => {
      const id = sessionIdOf(request);
      if (id !== null) {
        requireOwnPage(request, ctx.access.hosts);
        const { user } = shown(ctx, ctx.access.sessions.find(id));
        if (user !== null) request.principal = { name: user, permissions: new Set() };
        ctx.access.sessions.end(id);
      }
      takeSession(reply);
      return answer(shown(ctx, null));
    },
  );
  api.put(
    '/session/password',
    {
      config: { permission: 'session:write' },
      schema: { summary: 'Change your own password', body: PasswordChange, response },
    },
    async (request, reply) => {
      const { current, password, username } = request.body;
      const { users, sessions } = ctx.access;
      const own = request.principal?.userId ? users.byId(request.principal.userId) : null;
      if (!own || !request.principal?.session) throw new MeshwrightError('SESSION_ONLY');
      await guarded(ctx, request, own.name, async () => {
        if ((await users.verify(own.name, current))?.id !== own.id) {
          throw new MeshwrightError('PASSWORD_WRONG', { field: 'current' });
        }
      });
      const user = await users.change(
        own.id,
        { name: username, password },
        { name: 'username', password: 'password' },
      );
      sessions.endOfUser(user.id);
      return begin(ctx, request, reply, user);
    },
  );
  api.post(
    '/setup',
    { config: entrance, schema: { summary: 'Set up the user of the console, once', body: Setup, response } },
    async (request, reply) => {
      requireEnabled(ctx);
      requireOwnPageOrProgram(request, ctx.access.hosts);
      const { code, username, password, api_password } = request.body;
      const { account } = ctx.access;
      await guarded(ctx, request, undefined, async () => account.checkCode(code));
      const also =
        api_password === undefined ? null : await ctx.apiPassword.prepare(api_password, 'api_password');
      const user = await account.setUp(code, username, password, () => also?.());
      return begin(ctx, request, reply, user);
    },
  );
};

export function requireEnabled({ access }: ApiContext): void {
  if (!access.account.enabled) throw new MeshwrightError('CONSOLE_DISABLED');
}

function requireSecondFactor({ access }: ApiContext, user: User, code: string | undefined): void {
  if (!user.totp?.confirmed) return;
  if (code === undefined) throw new MeshwrightError('SECOND_FACTOR_NEEDED', { field: 'code' });
  access.users.setTotp(user.id, access.secondFactor.accept(user.id, code));
}

const whence = (request: FastifyRequest) => ({
  source: sourceOf(request),
  agent: request.headers['user-agent'] ?? '',
});

/** Always a new id, so that one which somebody planted in the browser is worth nothing. */
export function beginSession(
  ctx: ApiContext,
  request: FastifyRequest,
  reply: FastifyReply,
  user: User,
): string {
  endFormer(ctx, request);
  const id = ctx.access.sessions.begin({ userId: user.id, ...whence(request) });
  ctx.access.users.noteLogin(user.id);
  request.principal = { name: user.name, permissions: user.role, userId: user.id };
  giveSession(reply, id);
  return id;
}

function begin(ctx: ApiContext, request: FastifyRequest, reply: FastifyReply, user: User) {
  const id = beginSession(ctx, request, reply, user);
  return answer(shown(ctx, ctx.access.sessions.find(id)));
}

function endFormer(ctx: ApiContext, request: FastifyRequest): void {
  const before = sessionIdOf(request);
  if (before !== null) ctx.access.sessions.end(before);
}

function shown(ctx: ApiContext, digest: string | null): Session {
  const { account, sessions, users } = ctx.access;
  const session = digest === null ? null : sessions.describe(digest);
  const user = session?.userId ? users.byId(session.userId) : null;
  const visit = session ? visitOf(ctx, session) : null;
  const authenticated = visit !== null || (user !== null && !user.disabled);
  return {
    authenticated,
    user: authenticated ? (user?.name ?? visit!.name) : null,
    role: authenticated ? (user?.role ?? visit!.role) : null,
    setup_open: account.setupOpen,
    must_change: authenticated && (user?.mustChange ?? false),
    second_factor: authenticated && (user?.totp?.confirmed ?? false),
    visit: visit && { until: session!.until, clientpack: visit.clientpack },
    single_sign_on: ctx.singleSignOn.isOn(),
  };
}

function visitOf({ access: { urls } }: ApiContext, session: SessionInfo) {
  const url = session.urlId === null ? null : urls.find(session.urlId);
  if (!url || urls.isOver(url)) return null;
  const clientpack = packOf(url);
  return { name: url.name || 'visitor', role: clientpack === null ? url.role : null, clientpack };
}
