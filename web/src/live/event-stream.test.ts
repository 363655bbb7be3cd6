import { describe, expect, it } from 'vitest';
import { EventStreamParser } from './event-stream.ts';

describe('event stream', () => {
  it('reads events, comments and blocks that arrive in pieces', () => {
    const parser = new EventStreamParser();
    expect(parser.push('event: status\nda')).toEqual([]);
    expect(parser.push('ta: {"a":1}\n\n: alive\n\nevent: x')).toEqual([
      { event: 'status', data: '{"a":1}' },
      { event: null, data: '' },
    ]);
    expect(parser.push('\ndata: 1\ndata: 2\n\n')).toEqual([{ event: 'x', data: '1\n2' }]);
  });

  it('takes either line end', () => {
    expect(new EventStreamParser().push('event: a\r\ndata: b\r\n\r\n')).toEqual([{ event: 'a', data: 'b' }]);
  });
});
