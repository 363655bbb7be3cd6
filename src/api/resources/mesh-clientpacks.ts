import { Type } from 'typebox';
import { PACK_FORMATS } from '../../clientpack/pack-formats.ts';
import { MeshwrightError } from '../../errors/catalogue.ts';
import type { ApiContext } from '../context.ts';
import { sendFile } from './clientpack-download.ts';
import { startTask } from './clientpacks.ts';
import { describeAll, describeOne, NativePack, NativePackDetail } from './mesh-clientpack-shape.ts';
import { Answer, answer, type Resource } from './resource.ts';

const Name = Type.Object({ name: Type.String() });
const Names = Type.Array(Type.String(), { minItems: 1, maxItems: 8192 });

/** Clientpacks with everything that the wire contract has no place for. */
export const meshClientpackRoutes: Resource = (api, ctx) => {
  const read = { permission: 'clientpacks:read', licensed: true } as const;
  const write = { permission: 'clientpacks:write', licensed: true } as const;
  const secret = { permission: 'clientpack-files:read', licensed: true } as const;

  api.get(
    '/mesh/clientpacks',
    {
      config: read,
      schema: {
        summary: 'List clientpacks with holder, traffic and shares',
        response: Answer(Type.Array(NativePack)),
      },
    },
    async () => {
      ctx.clientpacks.requireKeyset();
      return answer(await describeAll(ctx.clientpacks));
    },
  );
  api.put(
    '/mesh/clientpacks',
    {
      config: write,
      schema: {
        summary: 'Change some clientpacks: all of them or none',
        body: Type.Object({
          names: Names,
          enabled: Type.Optional(Type.Boolean()),
          checked_out: Type.Optional(Type.Boolean()),
          tags: Type.Optional(Type.Record(Type.String(), Type.String())),
        }),
        response: Answer(Type.Array(NativePack)),
      },
    },
    async ({ body }) => {
      await change(ctx, body);
      const names = new Set(body.names);
      return answer((await describeAll(ctx.clientpacks)).filter(({ name }) => names.has(name)));
    },
  );
  api.post(
    '/mesh/clientpacks/regenerate',
    {
      config: write,
      schema: {
        summary: 'Make credentials of some clientpacks anew',
        body: Type.Object({ names: Names }),
        response: Answer(Type.Object({ token: Type.String(), status: Type.String() })),
      },
    },
    ({ body }) => {
      ctx.clientpacks.requireKeyset();
      const packs = body.names.map((name) => ctx.clientpacks.book.named(name));
      const work = async () => {
        for (const pack of packs) await ctx.clientpacks.maker.renew(pack);
        await ctx.apply();
        await ctx.clientpacks.spread();
      };
      return answer(startTask(ctx, 'regenerate clientpacks', work));
    },
  );
  api.get(
    '/mesh/clientpacks/:name',
    {
      config: read,
      schema: {
        summary: 'Show a clientpack with its controllers and history',
        params: Name,
        response: Answer(NativePackDetail),
      },
    },
    async ({ params }) => {
      ctx.clientpacks.requireKeyset();
      return answer(
        await describeOne(ctx.clientpacks, ctx.clientpacks.book.named(params.name, 'PACK_NOT_FOUND')),
      );
    },
  );
  api.put(
    '/mesh/clientpacks/:name/networks',
    {
      config: write,
      schema: {
        summary: 'Grant networks that the client may announce (HA pack)',
        params: Name,
        body: Type.Object({ networks: Type.Array(Type.String()) }),
        response: Answer(NativePackDetail),
      },
    },
    async ({ params, body }) => {
      ctx.clientpacks.requireKeyset();
      const pack = ctx.clientpacks.book.named(params.name, 'PACK_NOT_FOUND');
      ctx.clientpacks.service.grant(pack, body.networks);
      await ctx.apply();
      return answer(await describeOne(ctx.clientpacks, ctx.clientpacks.book.find(pack.address) ?? pack));
    },
  );
  api.get(
    '/mesh/clientpacks/:name/files/:format',
    {
      config: secret,
      schema: {
        summary: 'Download a clientpack of any kind',
        params: Type.Object({
          name: Type.String(),
          format: Type.Union(PACK_FORMATS.map((format) => Type.Literal(format))),
        }),
      },
    },
    ({ params }, reply) => {
      ctx.clientpacks.requireKeyset();
      const pack = ctx.clientpacks.book.named(params.name, 'PACK_NOT_FOUND');
      return sendFile(reply, ctx.clientpacks.files.download(pack, params.format));
    },
  );
  api.get(
    '/mesh/clientpacks/:name/qr',
    {
      config: secret,
      schema: {
        summary: 'Show the WireGuard form as a QR code: a picture, and text for a terminal',
        params: Name,
        response: Answer(Type.Object({ svg: Type.String(), text: Type.String() })),
      },
    },
    ({ params }) => {
      ctx.clientpacks.requireKeyset();
      const pack = ctx.clientpacks.book.named(params.name, 'PACK_NOT_FOUND');
      return answer(ctx.clientpacks.files.qr(pack));
    },
  );
};

interface Change {
  readonly names: readonly string[];
  readonly enabled?: boolean;
  readonly checked_out?: boolean;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Everything is looked up and checked before anything changes; the mark is the one thing others can refuse. */
async function change(ctx: ApiContext, { names, enabled, checked_out, tags }: Change): Promise<void> {
  const { clientpacks } = ctx;
  clientpacks.requireKeyset();
  const packs = names.map((name) => clientpacks.book.named(name));
  if (enabled === undefined && checked_out === undefined && tags === undefined)
    throw new MeshwrightError('NOTHING_TO_DO');
  const pairs = clientpacks.service.checkTags(packs, tags ?? {});
  if (checked_out !== undefined) await clientpacks.homes.setCheckedOut(packs, checked_out);
  if (enabled !== undefined) clientpacks.service.setEnabled(packs, enabled);
  clientpacks.service.setTags(packs, pairs);
  if (enabled !== undefined) await ctx.apply();
}
