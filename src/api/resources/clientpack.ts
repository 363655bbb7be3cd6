import { Type } from 'typebox';
import type { Pack } from '../../clientpack/pack.ts';
import { packName } from '../../clientpack/pack-name.ts';
import { MeshwrightError } from '../../errors/catalogue.ts';
import type { ApiContext } from '../context.ts';
import { describePack, WirePack } from './clientpack-wire.ts';
import { compression, ignoredFlags, startTask } from './clientpacks.ts';
import { Answer, answer, Emptiable, Loose, type Resource } from './resource.ts';

const Name = Type.Object({ name: Type.String() });
const Tags = Answer(Type.Object({ name: Type.String(), tags: Type.Record(Type.String(), Type.String()) }));
const Cut = Answer(Type.Object({ disconnecting: Type.String(), overlay_ipaddress: Type.String() }));

/** One clientpack: its flags, credentials, tags and session. */
export const clientpackRoutes: Resource = (api, ctx) => {
  const config = { permission: 'clientpacks:write' } as const;
  const licensed = { ...config, licensed: true };

  api.put(
    '/clientpack',
    {
      config: licensed,
      schema: {
        summary: 'Change a clientpack, or make its credentials anew',
        body: Type.Object({
          name: Type.Optional(Type.String()),
          enabled: Type.Optional(Type.Boolean()),
          checked_out: Type.Optional(Type.Boolean()),
          regenerate: Type.Optional(
            Type.Boolean({ description: 'New credentials; the old ones are refused everywhere' }),
          ),
          compression,
          ...ignoredFlags,
        }),
        response: Answer(
          Type.Union([WirePack, Type.Object({ token: Type.String(), status: Type.String() })]),
        ),
      },
    },
    async ({ body }) => {
      ctx.clientpacks.requireKeyset();
      const pack = named(ctx, body.name);
      const { homes, service } = ctx.clientpacks;
      if (body.checked_out !== undefined) await homes.setCheckedOut([pack], body.checked_out);
      if (body.enabled !== undefined) service.setEnabled([pack], body.enabled);
      if (body.compression !== undefined) service.setCompression([pack], body.compression);
      if (body.regenerate) return answer(startTask(ctx, `regenerate ${body.name}`, () => renew(ctx, pack)));
      if (body.enabled !== undefined) await ctx.apply();
      return answer(await describePack(ctx.clientpacks, ctx.clientpacks.book.find(pack.address) ?? pack));
    },
  );
  api.post(
    '/clientpack/:name',
    {
      config,
      schema: {
        summary: 'Set a tag',
        params: Name,
        body: Type.Object({ key: Loose('Letters, digits, - and _'), value: Emptiable('One line of text') }),
        response: Tags,
      },
    },
    ({ params, body }) => {
      ctx.clientpacks.requireKeyset();
      const pack = ctx.clientpacks.book.named(params.name);
      if (body.value === undefined) throw new MeshwrightError('ARGUMENT_MISSING', { field: 'value' });
      ctx.clientpacks.service.setTag(pack, body.key, body.value);
      return answer(tagsOf(ctx, pack));
    },
  );
  api.delete(
    '/clientpack/:name',
    {
      config,
      schema: {
        summary: 'Remove a tag',
        params: Name,
        body: Type.Object({ key: Loose('The tag') }),
        response: Tags,
      },
    },
    ({ params, body }) => {
      ctx.clientpacks.requireKeyset();
      const pack = ctx.clientpacks.book.named(params.name);
      ctx.clientpacks.service.removeTag(pack, body.key);
      return answer(tagsOf(ctx, pack));
    },
  );
  api.put(
    '/clientpack/:name',
    {
      config,
      schema: {
        summary: 'Disconnect a client; it may come back at once',
        params: Name,
        body: Type.Object({ disconnect: Type.Boolean() }),
        response: Cut,
      },
    },
    async ({ params, body }) => {
      ctx.clientpacks.requireKeyset();
      const { address } = ctx.clientpacks.book.named(params.name);
      if (!body.disconnect) throw new MeshwrightError('NOTHING_TO_DO');
      if (!(await ctx.clientpacks.disconnect(address)))
        throw new MeshwrightError('CLIENT_NOT_CONNECTED', { address });
      return answer({ disconnecting: params.name, overlay_ipaddress: address });
    },
  );
  api.post(
    '/client/reset',
    {
      config: licensed,
      schema: {
        summary: 'Reset a client: end its session if it has one',
        body: Type.Object({
          name: Type.Optional(Type.String()),
          disconnect: Type.Optional(Type.Boolean({ default: true })),
        }),
        response: Cut,
      },
    },
    async ({ body }) => {
      ctx.clientpacks.requireKeyset();
      const { address } = named(ctx, body.name);
      if (body.disconnect ?? true) await ctx.clientpacks.disconnect(address);
      return answer({ disconnecting: packName(address), overlay_ipaddress: address });
    },
  );
  api.post(
    '/clients/reset_all',
    {
      config: licensed,
      schema: {
        summary: 'End the sessions of all clients',
        response: Answer(Type.Object({ resetting: Type.Array(Type.String()) })),
      },
    },
    async () => {
      ctx.clientpacks.requireKeyset();
      const all = ctx.clientpacks.book.packs().map(({ address }) => address);
      return answer({ resetting: await ctx.clientpacks.disconnectAll(all) });
    },
  );
};

function named(ctx: ApiContext, name: string | undefined): Pack {
  if (name === undefined || name === '') throw new MeshwrightError('PACK_NAME_MISSING', { field: 'name' });
  return ctx.clientpacks.book.named(name);
}

/** Done when this controller and all that can be reached refuse the old credentials. */
async function renew(ctx: ApiContext, pack: Pack): Promise<void> {
  await ctx.clientpacks.maker.renew(pack);
  await ctx.apply();
  await ctx.clientpacks.spread();
}

function tagsOf(ctx: ApiContext, { address }: Pack) {
  return { name: packName(address), tags: ctx.clientpacks.book.find(address)?.tags ?? {} };
}
