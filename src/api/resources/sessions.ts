import { type Static, Type } from 'typebox';
import type { SessionInfo } from '../../access/sessions.ts';
import { MeshwrightError } from '../../errors/catalogue.ts';
import type { ApiContext } from '../context.ts';
import { type Principal, roleOf } from '../permission.ts';
import { Answer, answer, type Resource } from './resource.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const SessionView = Type.Object({
  id: Type.String(),
  user: Type.String(),
  kind: Type.Union([Type.Literal('user'), Type.Literal('access URL')]),
  is_own: Type.Boolean({ description: 'The session that asks' }),
  source: Type.String({ description: 'Where it was begun from' }),
  agent: Type.String({ description: 'What the browser says it is' }),
  created_at: Type.Integer({ description: 'Unix milliseconds' }),
  seen_at: Nullable(Type.Integer()),
  until: Type.Integer({ description: 'When it ends by itself if nobody uses it' }),
});
export type SessionView = Static<typeof SessionView>;
const List = Answer(Type.Array(SessionView));

/** Who is logged in now: everybody for administrators, for others themselves. */
export const sessionsRoutes: Resource = (api, ctx) => {
  api.get(
    '/mesh/sessions',
    {
      config: { permission: 'self:read' },
      schema: { summary: 'List sessions of the console', response: List },
    },
    ({ principal }) => answer(visible(ctx, principal!).map((session) => view(ctx, session, principal!))),
  );
  api.delete(
    '/mesh/sessions/:id',
    {
      config: { permission: 'self:write' },
      schema: {
        summary: 'End a session of the console',
        params: Type.Object({ id: Type.String() }),
        response: List,
      },
    },
    ({ params, principal }) => {
      // One that somebody may not see does not exist for him.
      const session = visible(ctx, principal!).find(({ id }) => id === params.id);
      if (!session) throw new MeshwrightError('SESSION_UNKNOWN');
      ctx.access.sessions.endDigest(session.digest);
      return answer(visible(ctx, principal!).map((one) => view(ctx, one, principal!)));
    },
  );
};

function visible({ access: { sessions } }: ApiContext, principal: Principal): SessionInfo[] {
  const all = sessions.list();
  if (roleOf(principal) === 'admin') return all;
  return all.filter(
    ({ digest, userId }) =>
      digest === principal.session || (userId !== null && userId === (principal.userId ?? null)),
  );
}

function view(
  { access: { users } }: ApiContext,
  session: SessionInfo,
  principal: Principal,
): Static<typeof SessionView> {
  const { id, digest, userId, urlId, source, agent, createdAt, seenAt, until } = session;
  return {
    id,
    user: userId === null ? `access URL ${urlId}` : (users.byId(userId)?.name ?? ''),
    kind: urlId === null ? 'user' : 'access URL',
    is_own: digest === principal.session,
    source,
    agent,
    created_at: createdAt,
    seen_at: seenAt,
    until,
  };
}
