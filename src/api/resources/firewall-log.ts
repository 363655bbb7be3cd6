import { Type } from 'typebox';
import { LoggedPacket } from '../../desired/firewall.ts';
import { V2 } from './firewall-rules.ts';
import { Answer, answer, type Resource } from './resource.ts';

const HEARTBEAT_MS = 3000;
/** A reader this far behind is cut off instead of filling our memory. */
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
    (request, reply) => {
      reply.hijack();
      const { raw } = reply;
      for (const [name, value] of Object.entries(reply.getHeaders()))
        if (value !== undefined) raw.setHeader(name, value);
      raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      // Without a packet to tell, a reader would take the stream for dead until the first heartbeat.
      raw.flushHeaders();
      const send = (text: string) => {
        if (raw.writableLength > MAX_BACKLOG_BYTES) raw.destroy();
        else raw.write(text);
      };
      const tell = (line: object) => send(`event: packet\ndata: ${JSON.stringify(line)}\n\n`);
      for (const line of ctx.firewallLog.recent()) tell(line);
      const end = ctx.firewallLog.subscribe(tell);
      const heartbeat = setInterval(() => send(': alive\n\n'), HEARTBEAT_MS);
      request.raw.on('close', () => {
        clearInterval(heartbeat);
        end();
      });
    },
  );
};
