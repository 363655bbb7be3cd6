import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { command } from '../command.ts';
import type { Packet } from './job.ts';

/** Sends one packet of each; what becomes of them is not looked at here. */
export async function send(packets: readonly Packet[]): Promise<void> {
  await Promise.all(packets.map((packet) => sendOne(packet).catch(() => undefined)));
}

function sendOne(packet: Packet): Promise<void> {
  switch (packet.protocol) {
    case 'udp':
      return sendDatagram(packet);
    case 'tcp':
      return knock(packet);
    case 'icmp':
      return command('fping', ['-c1', '-t50', '-S', packet.from, packet.to]).then(() => undefined);
  }
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
