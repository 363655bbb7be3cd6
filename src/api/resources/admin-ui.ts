import { type Static, Type } from 'typebox';
import { Answer, answer, type Resource } from './resource.ts';

const Change = Type.Object({
  enabled: Type.Optional(Type.Boolean({ description: 'False closes the console; the API stays open' })),
  admin_username: Type.Optional(Type.String({ description: 'Name of the user of the console' })),
  admin_password: Type.Optional(Type.String({ description: 'Its password: 8 to 128 characters' })),
  must_change: Type.Optional(
    Type.Boolean({ description: 'Whoever logs in next chooses a new password first' }),
  ),
});
const Hosts = Type.Object({
  hosts: Type.Array(Type.String(), { description: 'Names that an operator added' }),
});
const AllHosts = Type.Object({
  ...Hosts.properties,
  built_in: Type.Array(Type.String(), { description: "The machine's own name and those of its certificate" }),
});
export type ConsoleHosts = Static<typeof AllHosts>;

/** The console as the API sees it: open or closed, its user, and the names under which browsers find it. */
export const adminUiRoutes: Resource = (api, ctx) => {
  api.put(
    '/admin_ui',
    {
      config: { permission: 'ui:write' },
      schema: {
        summary: 'Open or close the console, change its user',
        body: Change,
        response: Answer(Type.Object({ enabled: Type.Boolean(), username: Type.String() })),
      },
    },
    async ({ body }) => {
      const { account, sessions } = ctx.access;
      const change = {
        enabled: body.enabled,
        username: body.admin_username,
        password: body.admin_password,
        mustChange: body.must_change,
      };
      const changed = await account.change(change);
      if (!account.enabled) sessions.endAll();
      else if (changed) sessions.endOfUser(changed.id);
      return answer({ enabled: account.enabled, username: account.username });
    },
  );
  const hosts = () => answer({ hosts: ctx.access.hosts.names(), built_in: ctx.access.hosts.builtIn() });
  api.get(
    '/mesh/console-hosts',
    {
      config: { permission: 'ui:read' },
      schema: {
        summary: 'Show the names under which browsers may open the console',
        response: Answer(AllHosts),
      },
    },
    hosts,
  );
  api.put(
    '/mesh/console-hosts',
    {
      config: { permission: 'ui:write' },
      schema: {
        summary: 'Choose the names under which browsers may open the console',
        body: Hosts,
        response: Answer(AllHosts),
      },
    },
    ({ body }) => {
      ctx.access.hosts.set(body.hosts);
      return hosts();
    },
  );
};
