import { createSocket } from 'node:dgram';

/**
 * Numbered UDP packets there and back, run in the two ends' namespaces by `startFlow`.
 *
 *   node udp-echo.ts echo PORT
 *   node udp-echo.ts send ADDRESS PORT INTERVAL_MS
 *
 * The sender prints a line of figures every 100 ms. A line on its input makes it stop sending and, once late answers
 * had their time, print the last one.
 */
const LATE_MS = 1000;
const [mode, ...args] = process.argv.slice(2);
const socket = createSocket('udp4');

if (mode === 'echo') {
  socket.on('message', (message, { address, port }) => socket.send(message, port, address));
  socket.bind(Number(args[0]), '0.0.0.0', () => console.log('ready'));
} else {
  send(args[0]!, Number(args[1]), Number(args[2]));
}

function send(address: string, port: number, intervalMs: number): void {
  const waiting = new Map<number, number>();
  const start = performance.now();
  let sent = 0;
  let answered = 0;
  let lastAnswer = start;
  let longestGapMs = 0;
  let stopped = false;
  socket.on('error', () => undefined);
  socket.on('message', (message) => {
    if (!waiting.delete(message.readUInt32BE(0))) return;
    const now = performance.now();
    longestGapMs = Math.max(longestGapMs, now - lastAnswer);
    lastAnswer = now;
    answered++;
  });
  const report = (isLast: boolean) => {
    const now = performance.now();
    const lost = isLast ? waiting.size : [...waiting.values()].filter((at) => now - at > LATE_MS).length;
    console.log(JSON.stringify({ sent, answered, lost, longestGapMs: Math.round(longestGapMs), isLast }));
  };
  socket.connect(port, address, () => {
    const packet = Buffer.alloc(200);
    setInterval(() => {
      // As many as are due: a late timer must not look like a slower sender.
      while (!stopped && sent * intervalMs <= performance.now() - start) {
        packet.writeUInt32BE(sent, 0);
        waiting.set(sent++, performance.now());
        socket.send(packet, () => undefined);
      }
    }, intervalMs);
    setInterval(() => report(false), 100);
  });
  process.stdin.once('data', () => {
    stopped = true;
    const stoppedAt = performance.now();
    setInterval(() => {
      if (waiting.size > 0 && performance.now() - stoppedAt < LATE_MS) return;
      report(true);
      process.exit(0);
    }, 20);
  });
}
