import { type Static, Type } from 'typebox';
import { ROLES, roleAllows } from '../../access/roles.ts';
import type { User } from '../../access/users.ts';
import { MeshwrightError } from '../../errors/catalogue.ts';
import type { ApiContext } from '../context.ts';
import { Answer, answer, type Resource } from './resource.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Role = Type.String({ description: '`admin`, `operator` or `viewer`' });

export const UserView = Type.Object({
  name: Type.String(),
  role: Role,
  disabled: Type.Boolean(),
  must_change: Type.Boolean({ description: 'Chooses a password of his own at the next login' }),
  second_factor: Type.Boolean(),
  login: Type.Union([Type.Literal('password'), Type.Literal('single sign-on')]),
  issuer: Nullable(Type.String({ description: 'Who vouches for a user of single sign-on' })),
  created_at: Type.Integer({ description: 'Unix milliseconds' }),
  last_login_at: Nullable(Type.Integer()),
});
export type UserView = Static<typeof UserView>;
const NewUser = Type.Object({
  name: Type.String(),
  password: Type.String({ description: '8 to 128 characters', 'x-keep-empty': true }),
  role: Type.Optional(Role),
  must_change: Type.Optional(Type.Boolean()),
});
const Change = Type.Object({
  name: Type.Optional(Type.String({ description: 'Renames the user' })),
  password: Type.Optional(Type.String({ description: '8 to 128 characters' })),
  role: Type.Optional(Role),
  disabled: Type.Optional(Type.Boolean()),
  must_change: Type.Optional(Type.Boolean()),
});
const Name = Type.Object({ name: Type.String() });
const List = Answer(Type.Array(UserView));
const Roles = Type.Record(Type.String(), Type.Array(Type.String()));

/** Who may log in, and as what. */
export const userRoutes: Resource = (api, ctx) => {
  const config = { permission: 'users:write' } as const;
  const path = '/mesh/users';
  const users = () => answer(ctx.access.users.list().map(view));
  api.get(
    path,
    { config: { permission: 'users:read' }, schema: { summary: 'List users', response: List } },
    users,
  );
  api.post(
    path,
    { config, schema: { summary: 'Make a user', body: NewUser, response: Answer(UserView) } },
    async ({ body }) => {
      if (ctx.access.account.setupOpen && (body.role ?? 'viewer') !== 'admin') {
        throw new MeshwrightError('USER_LAST_ADMIN');
      }
      return answer(view(await ctx.access.users.create({ ...body, mustChange: body.must_change })));
    },
  );
  api.put(
    `${path}/:name`,
    {
      config,
      schema: { summary: 'Change a user', params: Name, body: Change, response: Answer(UserView) },
    },
    async ({ params, body }) => {
      const { users, sessions } = ctx.access;
      const { id } = users.named(params.name);
      const user = await users.change(id, { ...body, mustChange: body.must_change });
      // A new password or less than before: whoever is in with the old one is out.
      if (body.password !== undefined || body.role !== undefined || user.disabled) sessions.endOfUser(id);
      return answer(view(user));
    },
  );
  api.delete(
    `${path}/:name`,
    {
      config,
      schema: { summary: 'Remove a user, his sessions and his tokens', params: Name, response: List },
    },
    ({ params }) => {
      remove(ctx, params.name);
      return users();
    },
  );
  api.delete(
    `${path}/:name/second-factor`,
    {
      config,
      schema: {
        summary: 'Turn the second factor of a user off who lost it',
        params: Name,
        response: Answer(UserView),
      },
    },
    ({ params }) => {
      const { id } = ctx.access.users.named(params.name);
      ctx.access.users.setTotp(id, null);
      ctx.access.sessions.endOfUser(id);
      return answer(view(ctx.access.users.byId(id)!));
    },
  );
  api.get(
    '/mesh/roles',
    {
      config: { permission: 'self:read' },
      schema: { summary: 'Show what each role may do', response: Answer(Roles) },
    },
    () => answer(rolesOf(api.routeTable.permissions())),
  );
};

function remove({ access: { users, sessions } }: ApiContext, name: string): void {
  const { id } = users.named(name);
  // Streams are cut by the end of their session, which has to come before its row is gone with the user.
  const digests = sessions.list().filter(({ userId }) => userId === id);
  users.remove(id);
  for (const { digest } of digests) sessions.endDigest(digest);
}

function rolesOf(permissions: readonly string[]): Static<typeof Roles> {
  return Object.fromEntries(
    ROLES.map((role) => [role, permissions.filter((permission) => roleAllows(role, permission))]),
  );
}

function view(user: User): Static<typeof UserView> {
  return {
    name: user.name,
    role: user.role,
    disabled: user.disabled,
    must_change: user.mustChange,
    second_factor: user.totp?.confirmed ?? false,
    login: user.identity ? 'single sign-on' : 'password',
    issuer: user.identity?.issuer ?? null,
    created_at: user.createdAt,
    last_login_at: user.lastLoginAt,
  };
}
