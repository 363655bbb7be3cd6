import { type Static, Type } from 'typebox';
import { Answer, answer, type Resource } from './resource.ts';

const Text = Type.Optional(Type.String());
const Count = Type.Optional(Type.Integer());
const Flag = Type.Optional(Type.Boolean());

const Settings = Type.Object({
  provider: Type.String({ description: '`oidc`, `ldap`; for VPN clients also `radius`' }),
  enabled: Type.Boolean(),
  identifier: Text,
  secret: Type.Optional(Type.String({ description: 'Asterisks keep the one that is stored' })),
  issuer: Text,
  provider_url: Text,
  redirect_hostname: Text,
  redirect_uri: Text,
  authorization_endpoint: Text,
  token_endpoint: Text,
  userinfo_endpoint: Text,
  jwks_uri: Text,
  otp_url: Text,
  server: Text,
  auth_port: Count,
  accounting_port: Count,
  pass: Text,
  radius_password: Text,
  host: Text,
  port: Count,
  encrypt: Flag,
  encrypt_ldaps: Flag,
  encrypt_verify_ca: Flag,
  binddn: Text,
  bindpw: Text,
  encrypt_auth_cert_data: Text,
  encrypt_auth_cert_filename: Text,
  encrypt_auth_key_data: Text,
  encrypt_auth_key_filename: Text,
  encrypt_ca_cert_data: Text,
  encrypt_ca_cert_filename: Text,
  user_base: Text,
  user_id_attribute: Text,
  user_list_filter: Text,
  group_base: Text,
  group_id_attribute: Text,
  group_list_filter: Text,
  group_member_attribute: Text,
  group_member_attr_format: Text,
  group_search_scope: Text,
  otp: Flag,
});
const View = Answer(Type.Record(Type.String(), Type.Unknown()));
const Tested = Answer(Type.Object({ connect_success: Type.Boolean(), message: Type.String() }));
const Roles = Type.Object({
  claim: Type.String({ description: 'The claim that holds the groups, `groups` by default' }),
  groups: Type.Array(
    Type.Object({
      group: Type.String(),
      role: Type.String({ description: '`admin`, `operator` or `viewer`' }),
    }),
    { maxItems: 200 },
  ),
});

export type RoleMap = Static<typeof Roles>;

/** Logins elsewhere: OpenID Connect for the console. Other settings are kept and said to be without effect. */
export const identityRoutes: Resource = (api, ctx) => {
  const config = { permission: 'identity:write' } as const;
  const reading = { permission: 'identity:read' } as const;
  for (const audience of ['controller', 'vpn'] as const) {
    const path = `/identity/${audience}`;
    const who = audience === 'vpn' ? 'VPN clients' : 'the console';
    const view = () => answer(ctx.identity.view(audience));
    api.get(
      path,
      { config: reading, schema: { summary: `Show where users of ${who} log in`, response: View } },
      view,
    );
    api.put(
      path,
      { config, schema: { summary: `Choose where users of ${who} log in`, body: Settings, response: View } },
      ({ body }) => {
        ctx.identity.set(audience, body);
        return view();
      },
    );
    api.delete(
      path,
      { config, schema: { summary: `Forget where users of ${who} log in`, response: View } },
      () => {
        ctx.identity.clear(audience);
        return view();
      },
    );
    api.post(`${path}/test`, { config, schema: { summary: 'Test a directory', response: Tested } }, () =>
      answer({
        connect_success: false,
        message: 'Nothing was contacted: this version keeps LDAP settings and does not use them',
      }),
    );
  }
  api.get(
    '/mesh/identity/roles',
    {
      config: reading,
      schema: { summary: 'Show which group elsewhere has which role here', response: Answer(Roles) },
    },
    () => answer(ctx.roleMappings.get()),
  );
  api.put(
    '/mesh/identity/roles',
    {
      config,
      schema: {
        summary: 'Choose which group elsewhere has which role here',
        body: Roles,
        response: Answer(Roles),
      },
    },
    ({ body }) => {
      ctx.roleMappings.set(body.claim, body.groups);
      return answer(ctx.roleMappings.get());
    },
  );
};
