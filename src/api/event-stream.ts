import type { FastifyReply } from 'fastify';

/** A page that heard nothing for longer than this has lost its controller. */
const HEARTBEAT_MS = 3000;

/** Server-sent events to one reader, with heartbeats, until he goes or what let him in is over. */
export class EventStream {
  readonly #reply: Pick<FastifyReply, 'raw'>;
  readonly #maxBacklogBytes: number;

  /** A reader that is further behind than `maxBacklogBytes` is cut off instead of filling our memory. */
  constructor(reply: FastifyReply, maxBacklogBytes: number) {
    reply.hijack();
    this.#reply = reply;
    this.#maxBacklogBytes = maxBacklogBytes;
    const { raw } = reply;
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) raw.setHeader(name, value);
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    // Without anything to tell, a reader would take the stream for dead until the first heartbeat.
    raw.flushHeaders();
    const { principal } = reply.request;
    const heartbeat = setInterval(() => {
      if (principal?.isGood?.() === false) raw.destroy();
      else this.#send(': alive\n\n');
    }, HEARTBEAT_MS);
    this.onClose(() => clearInterval(heartbeat));
  }

  tell(event: string, data: unknown): void {
    this.#send(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  onClose(end: () => void): void {
    this.#reply.raw.on('close', end);
  }

  #send(text: string): void {
    const { raw } = this.#reply;
    if (raw.writableLength > this.#maxBacklogBytes) raw.destroy();
    else raw.write(text);
  }
}
