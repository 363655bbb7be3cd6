import { createSocket } from 'node:dgram';

/**
 * A one-way UDP probe between two hosts. The sender numbers its packets. Ended by SIGTERM, it prints how many it sent, and
 * the receiver which one arrived first and last, how many did, and the longest time without one. On SIGUSR2 the receiver
 * prints the same and begins anew.
 *
 *   node bench/udp-probe.ts receive PORT
 *   node bench/udp-probe.ts send ADDRESS PORT INTERVAL_MS
 */
const [mode, ...args] = process.argv.slice(2);

if (mode === 'receive') receive(Number(args[0]));
else if (mode === 'send') send(args[0]!, Number(args[1]), Number(args[2]));
else throw new Error('usage: udp-probe.ts receive PORT | send ADDRESS PORT INTERVAL_MS');

function receive(port: number): void {
  const socket = createSocket('udp4');
  const seen = new Set<number>();
  let first: number | null = null;
  let last: number | null = null;
  let lastAt = 0;
  let longestMs = 0;
  let duplicates = 0;
  socket.on('message', (message) => {
    const now = performance.now();
    const sequence = message.readUInt32BE(0);
    if (seen.has(sequence)) duplicates++;
    seen.add(sequence);
    first ??= sequence;
    last = Math.max(last ?? 0, sequence);
    if (lastAt > 0) longestMs = Math.max(longestMs, now - lastAt);
    lastAt = now;
  });
  socket.bind(port, '0.0.0.0', () => console.log('ready'));
  const print = () => {
    const longestGapMs = Math.round(longestMs * 10) / 10;
    console.log(JSON.stringify({ first, last, received: seen.size, duplicates, longestGapMs }));
  };
  process.on('SIGTERM', () => {
    print();
    process.exit(0);
  });
  process.on('SIGUSR2', () => {
    print();
    seen.clear();
    // What is missing from here on is missing, even if nothing arrives before the next one is asked for.
    first = last === null ? null : last + 1;
    longestMs = 0;
    duplicates = 0;
  });
}

function send(address: string, port: number, intervalMs: number): void {
  const socket = createSocket('udp4');
  const packet = Buffer.alloc(64);
  let sequence = 0;
  const startedAt = performance.now();
  socket.on('error', () => undefined);
  process.on('SIGTERM', () => {
    console.log(JSON.stringify({ sent: sequence }));
    process.exit(0);
  });
  socket.connect(port, address, () => {
    console.log('ready');
    setInterval(() => {
      // As many as are due: a late timer must not look like a slower sender.
      while (sequence * intervalMs <= performance.now() - startedAt) {
        packet.writeUInt32BE(sequence++, 0);
        socket.send(packet, () => undefined);
      }
    }, intervalMs);
  });
}
