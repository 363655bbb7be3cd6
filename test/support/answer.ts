import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/**
 * Answers on ports of TCP and UDP with the address and port that it sees the asker at. Run in a namespace:
 *
 *   node answer.ts PORT [PORT ...]
 */
const plain = (address: string | undefined) => (address ?? '').replace(/^::ffff:/, '');
const open = process.argv.slice(2).flatMap((port) => [
  new Promise<void>((resolve) =>
    createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write(`${plain(socket.remoteAddress)} ${socket.remotePort}\n`);
      socket.on('data', (chunk) => socket.write(chunk));
    }).listen({ port: Number(port), host: '::' }, resolve),
  ),
  new Promise<void>((resolve) => {
    const socket = createSocket('udp6');
    socket.on('message', (_, { address, port: from }) =>
      socket.send(`${plain(address)} ${from}\n`, from, address),
    );
    socket.bind(Number(port), '::', () => resolve());
  }),
]);
await Promise.all(open);
console.log('listening');
