import { createSocket } from 'node:dgram';

/**
 * Hands datagrams on, each after a time of its own between nothing and JITTER_MS.
 *
 *   node chaos/relay.ts JITTER_MS SOCKET:ADDRESS:PORT ...
 */
const [jitter, ...ways] = process.argv.slice(2);
let bound = 0;

for (const way of ways) {
  const [socketPort, address, port] = way.split(':');
  const socket = createSocket('udp4');
  // A controller that is not there answers with ICMP: no reason to end.
  socket.on('error', () => undefined);
  socket.on('message', (message) => {
    setTimeout(
      () => socket.send(message, Number(port), address, () => undefined),
      Math.random() * Number(jitter),
    );
  });
  socket.bind(Number(socketPort), () => {
    bound++;
    if (bound === ways.length) console.log('ready');
  });
}
