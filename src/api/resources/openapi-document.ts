import { readFile } from 'node:fs/promises';
import { root } from '../../programs.ts';
import type { Resource } from './resource.ts';

export const OPENAPI_FILE = `${root}/docs/openapi.json`;

/** Serves the description of this API. It was written when the product was built, not at start. */
export const openApiRoutes: Resource = (api) => {
  api.get(
    '/openapi.json',
    { config: { permission: 'docs:read' }, schema: { summary: 'This document' } },
    async (_, reply) => reply.type('application/json').send(await readFile(OPENAPI_FILE)),
  );
};
