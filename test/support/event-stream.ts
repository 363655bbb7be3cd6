import { request } from 'node:https';
import { API_PORT } from '../../src/paths.ts';
import { EventStreamParser } from '../../web/src/live/event-stream.ts';
import type { TestLab } from './lab.ts';

export interface StreamEvent<T> {
  readonly event: string;
  readonly data: T;
}

/** Server-sent events of a controller's API, as they come, until `close`. */
export class EventStream<T> {
  readonly events: StreamEvent<T>[] = [];
  readonly #end: () => void;

  constructor(end: () => void) {
    this.#end = end;
  }

  /** Resolves once the controller has begun to answer: what happens from now on is told. */
  static open<T>(lab: TestLab, id: number, path: string): Promise<EventStream<T>> {
    const { password } = lab.state.controllers.find((one) => one.id === id)!;
    return new Promise((resolve, reject) => {
      const call = request({
        host: lab.plan(id).underlay,
        port: API_PORT,
        path: `/api${path}`,
        auth: `api:${password}`,
        agent: false,
        rejectUnauthorized: false,
      });
      call.on('error', reject);
      call.on('response', (message) => {
        if (message.statusCode !== 200) {
          call.destroy();
          reject(new Error(`the stream answers with status ${message.statusCode}`));
          return;
        }
        const stream = new EventStream<T>(() => call.destroy());
        const parser = new EventStreamParser();
        message.on('error', () => undefined);
        message.setEncoding('utf8').on('data', (chunk: string) => {
          // Heartbeats are comments and have no event.
          for (const { event, data } of parser.push(chunk))
            if (event !== null) stream.events.push({ event, data: JSON.parse(data) as T });
        });
        resolve(stream);
      });
      call.end();
    });
  }

  close(): void {
    this.#end();
  }
}
