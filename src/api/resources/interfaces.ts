import { type Static, Type } from 'typebox';
import { MeshwrightError } from '../../errors/catalogue.ts';
import type { ApiContext } from '../context.ts';
import { Answer, answer, type Resource } from './resource.ts';

const NullableText = Type.Union([Type.String(), Type.Null()]);
const SystemInterface = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  interface_type: Type.String(),
  description: Type.String(),
  ip_internal: NullableText,
  ip_external: NullableText,
  mtu: Type.Integer(),
  enabled: Type.Boolean(),
  status: Type.String(),
  mask_bits: NullableText,
  gateway: NullableText,
  system_default: Type.Boolean(),
  tags: Type.Array(Type.String()),
});

/** The interfaces of the machine as the applier reports them. They are the machine's own, so they are read only. */
export const interfaceRoutes: Resource = (api, ctx) => {
  const config = { permission: 'interfaces:read' } as const;
  for (const path of ['/interfaces', '/interfaces/system']) {
    api.get(
      path,
      {
        config,
        schema: {
          summary: 'List the interfaces of this machine',
          response: Answer(Type.Array(SystemInterface)),
        },
      },
      () => answer(interfaces(ctx)),
    );
  }
  api.get(
    '/interfaces/system/:id',
    {
      config,
      schema: {
        summary: 'Show one interface by id or name',
        params: Type.Object({ id: Type.String() }),
        response: Answer(SystemInterface),
      },
    },
    ({ params }) => {
      const found = interfaces(ctx).find(({ id, name }) => String(id) === params.id || name === params.id);
      if (!found) throw new MeshwrightError('INTERFACE_UNKNOWN');
      return answer(found);
    },
  );
};

function interfaces(ctx: ApiContext): Static<typeof SystemInterface>[] {
  const observed = ctx.observed();
  if (!observed) return [];
  const shown = observed.interfaces.filter(({ name }) => name !== 'lo');
  return shown.map(({ name, up, mtu, addresses }, index) => {
    const [first] = addresses;
    const primary = addresses.some(({ address }) => address === observed.primaryAddress);
    return {
      id: index + 1,
      name,
      interface_type: /^mw\d+$/.test(name) ? 'system_virtual' : 'system',
      description: '',
      ip_internal: first?.address ?? null,
      ip_external: null,
      mtu,
      enabled: up,
      status: up ? 'Up' : 'Down',
      mask_bits: first ? String(first.prefixLength) : null,
      gateway: primary ? observed.defaultGateway : null,
      system_default: primary,
      tags: [],
    };
  });
}
