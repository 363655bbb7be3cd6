import { Type } from 'typebox';
import { LoggedPacket } from '../../desired/firewall.ts';
import { EventStream } from '../event-stream.ts';
import { V2 } from './firewall-rules.ts';
import { Answer, answer, type Resource } from './resource.ts';

const MAX_BACKLOG_BYTES = 1024 * 1024;

/** Packets that met a rule with the target LOG: the latest, and as they come. */
export const firewallLogRoutes: Resource = (api, ctx) => {
  const config = { permission: 'firewall:read', ...V2 } as const;
  api.get(
    '/v2/firewall/log',
    {
      config,
      schema: {
        summary: 'List the latest logged packets',
        response: Answer(Type.Array(Type.Interface([LoggedPacket], { at: Type.Integer() }))),
      },
    },
    () => answer(ctx.firewallLog.recent()),
  );
  api.get(
    '/v2/firewall/log/stream',
    { config, schema: { summary: 'Follow logged packets (text/event-stream)' } },
    (_, reply) => {
      const stream = new EventStream(reply, MAX_BACKLOG_BYTES);
      const tell = (line: object) => stream.tell('packet', line);
      for (const line of ctx.firewallLog.recent()) tell(line);
      stream.onClose(ctx.firewallLog.subscribe(tell));
    },
  );
};
