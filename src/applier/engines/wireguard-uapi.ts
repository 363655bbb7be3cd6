import { readdir } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import type { WireguardPeer } from './wireguard-status.ts';

/** Where every userspace WireGuard listens: the cross-platform interface of wireguard.com, "Userspace configuration". */
const SOCKETS = '/var/run/wireguard';
/** A process that does not answer is as good as none; its interface then counts as absent. */
const ANSWER_WITHIN_MS = 1000;
const QUESTION = 'get=1\n\n';

/** The userspace WireGuard processes of this machine. Each is asked over a connection that stays as long as it lives. */
export class UserspaceWireguard {
  readonly #folder: string;
  readonly #connections = new Map<string, UapiConnection>();

  constructor(folder = SOCKETS) {
    this.#folder = folder;
  }

  /** Peers of all interfaces. A process that is dead or hangs has none. */
  async peers(): Promise<WireguardPeer[]> {
    const names = await readdir(this.#folder).catch((): string[] => []);
    const devices = names.filter((name) => name.endsWith('.sock')).map((name) => name.slice(0, -5));
    const answers = await Promise.all(
      devices.map((device) =>
        this.#connection(device)
          .ask()
          .then(
            (text) => parseUapi(device, text),
            () => [],
          ),
      ),
    );
    return answers.flat();
  }

  #connection(device: string): UapiConnection {
    const open = this.#connections.get(device);
    if (open?.isOpen) return open;
    const connection = new UapiConnection(`${this.#folder}/${device}.sock`);
    this.#connections.set(device, connection);
    return connection;
  }
}

interface Question {
  resolve(answer: string): void;
  reject(error: Error): void;
}

/** One question after the other; the first that is not answered in time ends it. */
class UapiConnection {
  readonly #path: string;
  readonly #socket: Socket;
  readonly #questions: Question[] = [];
  #text = '';

  constructor(path: string) {
    this.#path = path;
    this.#socket = connect(path).setEncoding('latin1').unref();
    this.#socket.on('data', (part: string) => this.#take(part));
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => this.#fail(`${path} was closed before the end of its answer`));
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  /** The whole state of an interface, as lines of `key=value` up to an empty line. */
  ask(): Promise<string> {
    const hangs = setTimeout(() => {
      this.#fail(`${this.#path} does not answer`);
      this.#socket.destroy();
    }, ANSWER_WITHIN_MS);
    return new Promise<string>((resolve, reject) => {
      this.#questions.push({ resolve, reject });
      if (this.#questions.length === 1) this.#socket.write(QUESTION);
    }).finally(() => clearTimeout(hangs));
  }

  #take(part: string): void {
    this.#text += part;
    // An answer ends with its error number and an empty line.
    if (!this.#text.endsWith('\n\n')) return;
    const text = this.#text;
    this.#text = '';
    this.#questions.shift()?.resolve(text);
    if (this.#questions.length > 0) this.#socket.write(QUESTION);
  }

  #fail(why: string): void {
    for (const { reject } of this.#questions.splice(0)) reject(new Error(why));
  }
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
