import type { NativeContext } from '../native-context.ts';
import type { Resource } from './resource.ts';

export const meshDiagnosticsRoutes =
  (native: () => NativeContext): Resource =>
  (api) => {
    api.get(
      '/mesh/diagnostics',
      {
        config: { permission: 'diagnostics:read' },
        schema: { summary: 'Download what helps to find a fault, without secrets (gzipped JSON)' },
      },
      async (_, reply) => {
        const { name, bytes } = await native().diagnostics();
        return reply
          .type('application/octet-stream')
          .header('content-disposition', `attachment; filename="${name}"`)
          .send(bytes);
      },
    );
  };
