import { type Static, Type } from 'typebox';
import { Answer, answer, type Resource } from './resource.ts';

const List = (description: string) =>
  Type.Optional(
    Type.Union([Type.String(), Type.Integer(), Type.Array(Type.Union([Type.String(), Type.Integer()]))], {
      description,
    }),
  );

export const LicenseParameters = Type.Object({
  default: Type.Optional(Type.Boolean({ description: 'Take the addresses that the licence proposes' })),
  subnet: Type.Optional(Type.String({ description: 'The overlay subnet' })),
  managers: List('Overlay addresses of the controllers, by id'),
  asns: List('ASNs of the controllers, by id'),
  clients: List('Overlay addresses of clients: a list, ranges or both'),
  my_manager_vip: Type.Optional(Type.String({ description: 'The address that every controller answers on' })),
  ipv6: Type.Optional(
    Type.Boolean({
      description: 'Not of the contract: IPv6 inside of the overlay. Alone it changes a licence in force',
    }),
  ),
});
export type LicenseParameters = Static<typeof LicenseParameters>;

const permission = 'license:write';

/** The licence: upload, then parameters, which end in a restart of the API. */
export const licenseRoutes: Resource = (api, ctx) => {
  const text = { config: { permission, raw: true } as const };
  api.get(
    '/license',
    {
      config: { permission: 'license:read' },
      schema: { summary: 'Show the licence', response: Answer(Type.Object({})) },
    },
    () => answer(ctx.license.show()),
  );
  api.put(
    '/license',
    { ...text, schema: { summary: 'Upload a licence', response: Answer(Type.Object({})) } },
    ({ body }) => answer(ctx.license.upload(asText(body))),
  );
  api.put(
    '/license/upgrade',
    { ...text, schema: { summary: 'Upload a larger licence', response: Answer(Type.Object({})) } },
    ({ body }) => answer(ctx.license.upgrade(asText(body))),
  );
  api.put(
    '/license/parameters',
    {
      config: { permission },
      schema: {
        summary: 'Accept the licence and choose addresses',
        body: LicenseParameters,
        response: Answer(Type.Object({})),
      },
    },
    (request) => {
      const { body, restart } = ctx.license.acceptParameters(request.body);
      if (restart) ctx.restart('licence parameters accepted');
      return answer(body);
    },
  );
};

const asText = (body: unknown): string => (Buffer.isBuffer(body) ? body.toString('utf8') : '');
