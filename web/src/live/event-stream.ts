/** One block of a server-sent event stream. A comment alone, as heartbeats are, has no event. */
export interface StreamBlock {
  readonly event: string | null;
  readonly data: string;
}

/**
 * Cuts a stream into its blocks. The browser's own EventSource hides comments, and the comments are what tells a
 * quiet controller from a lost one.
 */
export class EventStreamParser {
  #rest = '';

  push(chunk: string): StreamBlock[] {
    const blocks = (this.#rest + chunk).replaceAll('\r\n', '\n').split('\n\n');
    this.#rest = blocks.pop() ?? '';
    return blocks.map(parseBlock);
  }
}

function parseBlock(text: string): StreamBlock {
  let event: string | null = null;
  const data: string[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('event:')) event = line.slice(6).trim();
    else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
  }
  return { event: event ?? (data.length > 0 ? 'message' : null), data: data.join('\n') };
}
