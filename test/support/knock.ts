import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { attempt } from '../../src/lab/program.ts';

const answerFile = fileURLToPath(new URL('answer.ts', import.meta.url));

/** The words that run a program in a network namespace; null is this machine's own. */
export const inNamespace = (namespace: string | null, argv: readonly string[]): string[] =>
  namespace === null ? [...argv] : ['nsenter', `--net=/run/netns/${namespace}`, ...argv];

const servers = new Set<ChildProcess>();

/** Something that answers on these ports, TCP and UDP, both families, until `stopAnswering`. */
export async function startAnswering(namespace: string | null, ...ports: number[]): Promise<void> {
  const argv = [process.execPath, '--disable-warning=ExperimentalWarning', answerFile, ...ports.map(String)];
  const [program, ...args] = inNamespace(namespace, argv);
  const child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  servers.add(child);
  await once(child.stdout!, 'data');
}

export function stopAnswering(): void {
  for (const child of servers) child.kill('SIGKILL');
  servers.clear();
}

export type Knock = `open ${string}` | 'refused' | 'silent';

/**
 * Asks a port with a real packet: `open` with the address that the far side saw, `refused` when somebody said no, `silent`
 * when nothing came back within a second.
 */
export async function knock(
  namespace: string | null,
  protocol: 'tcp' | 'udp',
  host: string,
  port: number,
  from?: string,
): Promise<Knock> {
  const argv = [process.execPath, '-e', CLIENT, protocol, host, String(port), from ?? ''];
  const { stdout } = await attempt(inNamespace(namespace, argv), { timeoutMs: 10_000 });
  return (stdout.trim() || 'silent') as Knock;
}

const CLIENT = `
const [protocol, host, port, from] = process.argv.slice(1);
const say = (word) => { console.log(word); process.exit(0); };
const seen = (data) => say('open ' + String(data).split(' ')[0]);
setTimeout(() => say('silent'), 1000);
if (protocol === 'tcp') {
  const socket = require('net').connect({ host, port: Number(port), ...(from ? { localAddress: from } : {}) });
  socket.on('data', seen).on('error', (error) => error.code === 'ETIMEDOUT' ? say('silent') : say('refused'));
} else {
  const socket = require('dgram').createSocket(host.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', seen).on('error', () => say('refused'));
  socket.connect(Number(port), host, () => socket.send('?'));
}
`;
