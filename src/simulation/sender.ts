import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import type { Packet } from '../applier/simulation/job.ts';

/**
 * A process of the applier's sandbox that plays everybody else, in a network namespace of its own: sends one packet of
 * each that it is told on its input. It lives outside of the applier's folder because nothing of the applier itself
 * may open a socket of the Internet.
 */
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  await Promise.all((JSON.parse(line) as Packet[]).map((packet) => send(packet).catch(() => undefined)));
  console.log('sent');
}

function send(packet: Packet): Promise<void> {
  return packet.protocol === 'udp' ? sendDatagram(packet) : knock(packet);
}

function sendDatagram({ from, to, port, fromPort }: Packet): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(to.includes(':') ? 'udp6' : 'udp4');
    socket.on('error', reject);
    socket.bind(fromPort ?? 0, from, () =>
      socket.send('meshwright', port ?? 0, to, () => {
        socket.close();
        resolve();
      }),
    );
  });
}

/** The first packet of a connection is enough; nobody answers. */
function knock({ from, to, port, fromPort }: Packet): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({
      host: to,
      port: port ?? 0,
      localAddress: from,
      ...(fromPort === null ? {} : { localPort: fromPort }),
    });
    const end = () => {
      socket.destroy();
      resolve();
    };
    socket.on('error', end);
    socket.on('connect', end);
    setTimeout(end, 100);
  });
}
