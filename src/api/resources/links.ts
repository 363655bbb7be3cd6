import { type Static, Type } from 'typebox';
import { MeshwrightError } from '../../errors/catalogue.ts';
import type { ForeignLink } from '../../links/link-service.ts';
import { Answer, answer, Emptiable, Loose, type Resource } from './resource.ts';

const Moment = Type.Union([Type.String(), Type.Null()], { description: 'YYYY-MM-DD HH:MM:SS, or null' });
const Tag = Type.Object({ key: Type.String(), value: Type.String() });
const Link = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  description: Type.String(),
  interface: Type.String(),
  clientpack_ip: Type.String(),
  connected: Type.Boolean(),
  type: Type.Union([Type.Literal('openvpn'), Type.Literal('wireguard')]),
  state: Type.String(),
  device: Type.String(),
  tags: Type.Array(Tag),
  last_connect: Moment,
  last_disconnect: Moment,
  last_handshake: Moment,
  remotes: Type.Array(Type.String()),
  endpoints: Type.Array(Type.String()),
  clientpack: Type.String(),
  policies: Type.Array(Type.String()),
  tun_mtu: Type.Optional(Type.Integer()),
  local_ip: Type.String(),
});

const policies = Type.Optional(Type.Array(Type.String()));
const LinkType = Type.Union([Type.Literal('openvpn'), Type.Literal('wireguard')]);
const Id = Type.Object({ id: Type.String() });
const Tags = Answer(Type.Array(Tag));

/** Links to other topologies. Published clients create, list and delete them; nothing connects them yet. */
export const linkRoutes: Resource = (api, ctx) => {
  const read = { permission: 'links:read', licensed: true } as const;
  const write = { permission: 'links:write', licensed: true } as const;
  const response = Answer(Link);
  const links = () => ctx.links;

  api.get(
    '/links',
    {
      config: read,
      schema: { summary: 'List links to other topologies', response: Answer(Type.Array(Link)) },
    },
    () => answer(links().list().map(toWire)),
  );
  api.post(
    '/links',
    {
      config: write,
      schema: {
        summary: "Store another topology's clientpack as a link; nothing connects it yet",
        body: Type.Object({
          id: Loose('A number of your choice'),
          name: Type.String(),
          conf: Type.String({ description: 'Text of the clientpack, OpenVPN or WireGuard' }),
          description: Type.Optional(Type.String()),
          policies,
        }),
        response,
      },
    },
    ({ body }) => answer(toWire(links().create(body))),
  );
  api.get(
    '/links/global-policies',
    {
      config: read,
      schema: {
        summary: 'Show the policies of all links of a type',
        querystring: Type.Object({ type: Type.Optional(LinkType) }),
        response: Answer(Type.String()),
      },
    },
    ({ query }) => answer(links().globalPolicies(query.type ?? 'openvpn')),
  );
  api.put(
    '/links/global-policies',
    {
      config: write,
      schema: {
        summary: 'Set the policies of all links of a type',
        body: Type.Object({ policies: Type.Array(Type.String()), type: Type.Optional(LinkType) }),
        response: Answer(Type.String()),
      },
    },
    ({ body }) => answer(links().setGlobalPolicies(body.type ?? 'openvpn', body.policies)),
  );
  api.get(
    '/links/:id',
    { config: read, schema: { summary: 'Show a link', params: Id, response } },
    ({ params }) => answer(toWire(links().get(params.id))),
  );
  api.put(
    '/links/:id',
    {
      config: write,
      schema: {
        summary: 'Change a link',
        params: Id,
        body: Type.Object({
          name: Type.Optional(Type.String()),
          description: Emptiable('What it is for'),
          connected: Type.Optional(Type.Boolean()),
          policies,
        }),
        response,
      },
    },
    ({ params, body }) => answer(toWire(links().update(params.id, body))),
  );
  api.delete(
    '/links/:id',
    { config: write, schema: { summary: 'Delete a link', params: Id, response } },
    ({ params }) => answer(toWire(links().remove(params.id))),
  );
  api.get(
    '/links/:id/logs',
    {
      config: read,
      schema: {
        summary: 'Show what a link logged',
        params: Id,
        querystring: Type.Object({
          lines: Type.Optional(Type.Integer()),
          sort: Type.Optional(Type.String()),
        }),
        response: Answer(Type.Array(Type.String())),
      },
    },
    ({ params }) => {
      links().get(params.id);
      return answer([]);
    },
  );
  api.post(
    '/links/:id/tags',
    {
      config: write,
      schema: {
        summary: 'Set a tag of a link',
        params: Id,
        body: Type.Object({ key: Loose('Letters, digits, - and _'), value: Emptiable('One line of text') }),
        response: Tags,
      },
    },
    ({ params, body }) => {
      if (body.value === undefined) throw new MeshwrightError('ARGUMENT_MISSING', { field: 'value' });
      return answer(links().setTag(params.id, body.key, body.value).tags);
    },
  );
  api.delete(
    '/links/:id/tags/:key',
    {
      config: write,
      schema: {
        summary: 'Remove a tag of a link',
        params: Type.Object({ id: Type.String(), key: Type.String() }),
        response: Tags,
      },
    },
    ({ params }) => answer(links().removeTag(params.id, params.key).tags),
  );
};

/** The configuration itself is a secret of another topology and is not shown again. */
function toWire({
  id,
  name,
  description,
  wanted,
  policies: rules,
  tags,
  conf,
}: ForeignLink): Static<typeof Link> {
  return {
    id,
    name,
    description,
    interface: '',
    clientpack_ip: conf.address,
    connected: false,
    type: conf.type,
    state: wanted
      ? 'stored, not run: this version keeps links without connecting them'
      : 'stored, switched off',
    device: '',
    tags: [...tags],
    last_connect: null,
    last_disconnect: null,
    last_handshake: null,
    remotes: [...conf.remotes],
    endpoints: [...conf.remotes],
    clientpack: conf.address.replaceAll('.', '_'),
    policies: [...rules],
    ...(conf.mtu !== null && { tun_mtu: conf.mtu }),
    local_ip: '',
  };
}
