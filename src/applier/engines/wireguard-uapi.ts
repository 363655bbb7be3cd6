import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import type { WireguardPeer } from './wireguard-status.ts';

/** Where every userspace WireGuard listens: the cross-platform interface of wireguard.com, "Userspace configuration". */
const SOCKETS = '/var/run/wireguard';
/** A process that does not answer is as good as none; its interface then counts as absent. */
const ANSWER_WITHIN_MS = 1000;

/** Peers of all interfaces that a userspace process serves. One that is dead or hangs has none. */
export async function userspacePeers(folder = SOCKETS): Promise<WireguardPeer[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const devices = names.filter((name) => name.endsWith('.sock')).map((name) => name.slice(0, -5));
  const answers = await Promise.all(
    devices.map((device) =>
      ask(`${folder}/${device}.sock`).then(
        (text) => parseUapi(device, text),
        () => [],
      ),
    ),
  );
  return answers.flat();
}

/** The whole state of an interface, as lines of `key=value` up to an empty line. */
function ask(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let text = '';
    socket.setTimeout(ANSWER_WITHIN_MS, () => socket.destroy(new Error(`${path} does not answer`)));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`${path} was closed before the end of its answer`)));
    socket.setEncoding('latin1').on('data', (part: string) => {
      text += part;
      // It keeps the connection for more questions. An answer ends with its error number and an empty line.
      if (!text.endsWith('\n\n')) return;
      resolve(text);
      socket.destroy();
    });
    socket.write('get=1\n\n');
  });
}

/** A peer begins with its public key, in hexadecimal. What is secret in the answer is not looked at. */
export function parseUapi(device: string, text: string): WireguardPeer[] {
  const peers: { -readonly [K in keyof WireguardPeer]: WireguardPeer[K] }[] = [];
  for (const line of text.split('\n')) {
    const at = line.indexOf('=');
    const [name, value] = [line.slice(0, at), line.slice(at + 1)];
    if (name === 'public_key') {
      const key = Buffer.from(value, 'hex').toString('base64');
      peers.push({ device, key, endpoint: null, handshakeAt: null, rxBytes: 0, txBytes: 0 });
    }
    const peer = peers.at(-1);
    if (!peer) continue;
    if (name === 'endpoint') peer.endpoint = value;
    else if (name === 'rx_bytes') peer.rxBytes = Number(value);
    else if (name === 'tx_bytes') peer.txBytes = Number(value);
    else if (name === 'last_handshake_time_sec') peer.handshakeAt = Number(value) * 1000 || null;
  }
  return peers;
}
