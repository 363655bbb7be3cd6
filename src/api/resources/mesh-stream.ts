import type { NativeContext } from '../native-context.ts';
import type { Resource } from './resource.ts';

/** A page that heard nothing for longer than this has lost its controller. */
const HEARTBEAT_MS = 3000;
/** Changes within this time are told as one; the first one after a quiet time goes out almost at once. */
const COALESCE_MS = 200;
const AT_ONCE_MS = 20;
/** A reader this far behind is cut off instead of filling our memory. */
const MAX_BACKLOG_BYTES = 4 * 1024 * 1024;

/** Status and events as they change, as server-sent events: `status`, `event`, `restarting`, and heartbeats. */
export const meshStreamRoutes =
  (native: () => NativeContext): Resource =>
  (api) => {
    api.get(
      '/mesh/stream',
      {
        config: { permission: 'status:read' },
        schema: { summary: 'Follow status and events (text/event-stream)' },
      },
      (request, reply) => {
        const context = native();
        reply.hijack();
        const raw = reply.raw;
        for (const [name, value] of Object.entries(reply.getHeaders()))
          if (value !== undefined) raw.setHeader(name, value);
        raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
        const send = (text: string) => {
          if (raw.writableLength > MAX_BACKLOG_BYTES) raw.destroy();
          else raw.write(text);
        };
        const tell = (event: string, data: unknown) =>
          send(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
        let pending: NodeJS.Timeout | null = null;
        let toldAt = 0;
        const status = () => {
          pending = null;
          toldAt = Date.now();
          tell('status', context.summary());
        };
        const ends = [
          context.mesh.onChange(() => {
            pending ??= setTimeout(status, Math.max(AT_ONCE_MS, toldAt + COALESCE_MS - Date.now()));
          }),
          context.events.subscribe((event) => tell('event', event)),
          context.onRestarting((seconds) => tell('restarting', { seconds })),
        ];
        const heartbeat = setInterval(() => send(': alive\n\n'), HEARTBEAT_MS);
        status();
        request.raw.on('close', () => {
          clearInterval(heartbeat);
          if (pending) clearTimeout(pending);
          for (const end of ends) end();
        });
      },
    );
  };
