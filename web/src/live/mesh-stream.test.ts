import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SILENCE_MS } from './freshness.ts';
import { MeshStream } from './mesh-stream.ts';

interface Asked {
  readonly path: string;
  readonly signal: AbortSignal | null;
  readonly answer: (response: Response) => void;
}

let asked: Asked[];
let stop: () => void;
let stream: MeshStream;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
  asked = [];
  vi.stubGlobal('fetch', (path: string, { signal = null }: { signal?: AbortSignal | null }) => {
    return new Promise<Response>((answer, fail) => {
      asked.push({ path, signal, answer });
      signal?.addEventListener('abort', () => fail(signal.reason));
    });
  });
  stream = new MeshStream();
  stop = stream.start();
});

afterEach(() => {
  stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const attempts = () => asked.filter(({ path }) => path.endsWith('/stream'));
const asks = () => asked.filter(({ path }) => path.endsWith('/summary'));
const json = (response: unknown) =>
  new Response(JSON.stringify({ response }), { headers: { 'content-type': 'application/json' } });

/** Answers the attempt; returns the function that tells something on the stream. */
function open(attempt: Asked): (text: string) => Promise<unknown> {
  const { readable, writable } = new TransformStream<Uint8Array>();
  const bytes = writable.getWriter();
  attempt.answer(new Response(readable));
  return (text) => {
    void bytes.write(new TextEncoder().encode(text)).catch(() => undefined);
    return settle();
  };
}

const settle = () =>
  new Promise((resolve) => setImmediate(resolve)).then(() => vi.advanceTimersByTimeAsync(0));
const status = (at: number) => `event: status\ndata: ${JSON.stringify({ at, links: [] })}\n\n`;

describe('an attempt to reach the controller', () => {
  it('ends when it brings nothing, and the next one begins', async () => {
    expect(attempts()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(SILENCE_MS - 100);
    expect(attempts()[0]?.signal?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(2000);
    expect(attempts()[0]?.signal?.aborted).toBe(true);
    expect(stream.snapshot().freshness).toBe('lost');
    expect(attempts()).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(SILENCE_MS + 2000);
    expect(attempts()).toHaveLength(3);
  });

  it('lasts while something comes', async () => {
    const tell = open(attempts()[0]!);
    for (let beats = 0; beats < 5; beats++) {
      await tell(': alive\n\n');
      await vi.advanceTimersByTimeAsync(3000);
    }
    expect(stream.snapshot().freshness).toBe('live');
    expect(attempts()).toHaveLength(1);
  });
});

describe('a status that was asked for', () => {
  it('is taken while the stream tells nothing newer', async () => {
    const tell = open(attempts()[0]!);
    await tell(status(1000));
    await vi.advanceTimersByTimeAsync(4500);
    asks()[0]!.answer(json({ at: 5000, links: [] }));
    await settle();
    expect(stream.snapshot().status?.at).toBe(5000);
  });

  it('does not take the place of what came meanwhile', async () => {
    const tell = open(attempts()[0]!);
    await tell(status(1000));
    await vi.advanceTimersByTimeAsync(4500);
    await tell(status(6000));
    asks()[0]!.answer(json({ at: 5000, links: [] }));
    await settle();
    expect(stream.snapshot().status?.at).toBe(6000);
  });
});
