import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { parsePackFormat } from '../../clientpack/pack-files.ts';
import { MeshwrightError } from '../../errors/catalogue.ts';
import type { ApiContext } from '../context.ts';
import type { Resource } from './resource.ts';

const Format = Type.Optional(Type.String({ description: 'conf, ovpn, zip, tarball or tar.gz' }));

/** Clientpacks as files. They are secrets, so reading them is a permission of its own. */
export const clientpackDownloadRoutes: Resource = (api, ctx) => {
  const config = { permission: 'clientpack-files:read', licensed: true } as const;
  api.get(
    '/clientpack',
    {
      config,
      schema: {
        summary: 'Download a clientpack',
        querystring: Type.Object({
          name: Type.Optional(Type.String()),
          fileformat: Format,
          fileFormat: Format,
          format: Format,
        }),
      },
    },
    ({ query }, reply) => {
      const { name, fileformat, fileFormat, format } = query;
      if (name === undefined) throw new MeshwrightError('PACK_NAME_MISSING', { field: 'name' });
      return send(ctx, reply, name, fileformat ?? fileFormat ?? format ?? 'conf');
    },
  );
  api.get(
    '/clientpack/:file',
    {
      config,
      schema: {
        summary: 'Download a clientpack under its file name',
        params: Type.Object({ file: Type.String({ description: 'e.g. 100_127_255_193.ovpn' }) }),
      },
    },
    ({ params }, reply) => {
      const [name, ...ending] = params.file.split('.');
      return send(ctx, reply, name!, ending.join('.'));
    },
  );
};

function send(ctx: ApiContext, reply: FastifyReply, name: string, format: string): FastifyReply {
  ctx.clientpacks.requireKeyset();
  const pack = ctx.clientpacks.book.named(name, 'PACK_NOT_FOUND');
  const wanted = parsePackFormat(format);
  return sendFile(reply, ctx.clientpacks.files.download(pack, wanted));
}

/** One type for all: published clients decode any other one as text. */
export function sendFile(
  reply: FastifyReply,
  { name, bytes }: { name: string; bytes: Buffer },
): FastifyReply {
  return reply
    .type('application/octet-stream')
    .header('content-disposition', `attachment; filename=${name}`)
    .send(bytes);
}
