import { createSocket } from 'node:dgram';
import { createInterface } from 'node:readline';

/**
 * A one-way UDP probe between two hosts, which stays for many measurements: starting programs is what a busy machine notices
 * most. The sender numbers its packets; both answer lines on their standard input with one line of JSON.
 *
 *   node bench/udp-probe.ts send ADDRESS PORT INTERVAL_MS
 *       sent          -> number of packets sent so far
 *   node bench/udp-probe.ts receive PORT
 *       mark N        -> begins anew: what is counted is packet N and later ones
 *       figures N     -> of the packets up to N, N excluded: how many came, which of them are missing (the first few, counted
 *                        from the mark), how often twice, longest time without one
 *       lap           -> the same of the packets up to the last that came; begins anew with the next
 */
const [mode, ...args] = process.argv.slice(2);

if (mode === 'receive') receive(Number(args[0]));
else if (mode === 'send') send(args[0]!, Number(args[1]), Number(args[2]));
else throw new Error('usage: udp-probe.ts receive PORT | send ADDRESS PORT INTERVAL_MS');

const MOST_NAMED = 10;

function answer(replies: Record<string, (value: number) => unknown>): void {
  const questions = createInterface({ input: process.stdin });
  questions.on('line', (line) => {
    const [word, value] = line.split(' ');
    console.log(JSON.stringify(replies[word!]!(Number(value))));
  });
  // Who asked is gone.
  questions.on('close', () => process.exit());
  console.log('ready');
}

function receive(port: number): void {
  const socket = createSocket('udp4');
  const seen = new Set<number>();
  /** Where counting begins: as marked, or else with the first packet that comes, since before it there was no path. */
  let mark: number | null = null;
  let lastAt = 0;
  let longestMs = 0;
  let duplicates = 0;
  socket.on('message', (message) => {
    const now = performance.now();
    const sequence = message.readUInt32BE(0);
    mark ??= sequence;
    if (sequence < mark) return;
    if (seen.has(sequence)) duplicates++;
    seen.add(sequence);
    if (lastAt > 0) longestMs = Math.max(longestMs, now - lastAt);
    lastAt = now;
  });
  /** A packet may be here before the mark that it is counted from: the sender does not wait for it. */
  const clear = (from: number) => {
    for (const sequence of seen) if (sequence < from) seen.delete(sequence);
    mark = from;
    longestMs = duplicates = 0;
    return mark;
  };
  const begin = (from: number) => {
    lastAt = 0;
    return clear(from);
  };
  const figures = (end: number) => {
    const from = mark ?? 0;
    const sent = Array.from({ length: Math.max(0, end - from) }, (_, index) => index);
    const missing = sent.filter((index) => !seen.has(from + index));
    return {
      received: sent.length - missing.length,
      lost: missing.length,
      missing: missing.slice(0, MOST_NAMED),
      duplicates,
      longestGapMs: Math.round(longestMs * 10) / 10,
    };
  };
  const lap = () => {
    const end = Math.max((mark ?? 0) - 1, ...seen) + 1;
    const counted = figures(end);
    // What is missing from here on is missing, even if nothing arrives before the next lap.
    if (mark !== null) clear(end);
    return counted;
  };
  socket.bind(port, '0.0.0.0', () => answer({ mark: begin, figures, lap }));
}

function send(address: string, port: number, intervalMs: number): void {
  const socket = createSocket('udp4');
  const packet = Buffer.alloc(64);
  let sequence = 0;
  const startedAt = performance.now();
  socket.on('error', () => undefined);
  socket.connect(port, address, () => {
    answer({ sent: () => sequence });
    setInterval(() => {
      // As many as are due: a late timer must not look like a slower sender.
      while (sequence * intervalMs <= performance.now() - startedAt) {
        packet.writeUInt32BE(sequence++, 0);
        socket.send(packet, () => undefined);
      }
    }, intervalMs);
  });
}
