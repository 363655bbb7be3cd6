import { EventStream } from '../event-stream.ts';
import type { NativeContext } from '../native-context.ts';
import type { Resource } from './resource.ts';

/** Changes within this time are told as one; the first one after a quiet time goes out almost at once. */
const COALESCE_MS = 200;
const AT_ONCE_MS = 20;
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
      (_, reply) => {
        const context = native();
        const stream = new EventStream(reply, MAX_BACKLOG_BYTES);
        let pending: NodeJS.Timeout | null = null;
        /** By the clock that nobody sets. */
        let toldAt = Number.NEGATIVE_INFINITY;
        const status = () => {
          pending = null;
          toldAt = performance.now();
          stream.tell('status', context.summary());
        };
        const ends = [
          context.mesh.onChange(() => {
            pending ??= setTimeout(status, Math.max(AT_ONCE_MS, toldAt + COALESCE_MS - performance.now()));
          }),
          context.events.subscribe((event) => stream.tell('event', event)),
          context.onRestarting((seconds) => stream.tell('restarting', { seconds })),
        ];
        status();
        stream.onClose(() => {
          if (pending) clearTimeout(pending);
          for (const end of ends) end();
        });
      },
    );
  };
