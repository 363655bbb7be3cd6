import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import type { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { programFile } from '../../programs.ts';
import { command } from '../command.ts';
import { ipBatch } from './ip-batch.ts';
import type { Job, Outcome, Packet } from './job.ts';

/**
 * Runs in a network namespace of its own that looks like the controller: same interfaces, addresses and routes, the rules
 * to be tried, and a second namespace at the other end of every wire. Real packets go in; the last chain of all marks
 * the connections of those that made it to the end. Everything is gone when this process ends.
 */
const SENDER = programFile('sender');
const PASSED = '0x40000000';
const LAST = 1000;
/** Packets cross a wire within microseconds; a machine without a free CPU may let them wait. */
const SETTLE_MS = 100;
const MAC = '02:6d:77:53:00:01';

const job = JSON.parse(await text(process.stdin)) as Job;
try {
  console.log(JSON.stringify(await run()));
  process.exit(0);
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}

async function run(): Promise<Outcome> {
  const refused = await load();
  if (refused || job.packets.length === 0) return { refused, passed: job.packets.map(() => false) };
  const world = await startSender(['unshare', '--net']);
  await build(world.pid);
  if (job.isEstablished) await establish();
  const inWorld = ['nsenter', `--net=/proc/${world.pid}/ns/net`];
  await ipBatch(worldBatch(), inWorld);
  const [theirs, own] = [job.packets.filter((one) => one.enter), job.packets.filter((one) => !one.enter)];
  await Promise.all([sendAll(theirs, inWorld, () => world), sendAll(own, [], () => startSender([]))]);
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const seen = await passedTuples();
  return { refused: null, passed: job.packets.map((packet) => seen.some((line) => isOf(packet, line))) };
}

interface Sender {
  readonly pid: number;
  readonly input: Writable;
  readonly lines: Interface;
}

async function startSender(prefix: readonly string[]): Promise<Sender> {
  const argv = [...prefix, process.execPath, '--disable-warning=ExperimentalWarning', SENDER];
  const child = spawn(argv[0]!, argv.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
  process.on('exit', () => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout });
  await once(lines, 'line');
  return { pid: child.pid!, input: child.stdin, lines };
}

async function sendAll(
  packets: readonly Packet[],
  place: readonly string[],
  sender: () => Sender | Promise<Sender>,
): Promise<void> {
  const pings = packets.filter(({ protocol }) => protocol === 'icmp');
  const others = packets.filter(({ protocol }) => protocol !== 'icmp');
  const [program = 'fping', ...rest] = [...place, 'fping'];
  await Promise.all(
    pings.map(({ from, to }) =>
      command(program, [...rest, '-c1', '-t50', '-S', from, to]).catch(() => undefined),
    ),
  );
  if (others.length === 0) return;
  const { input, lines } = await sender();
  input.write(`${JSON.stringify(others)}\n`);
  await once(lines, 'line');
}

/** The rules first: a rule set that the kernel refuses needs no packets. */
async function load(): Promise<Outcome['refused']> {
  const steps = [
    ['sets', 'ipset', ['restore'], job.sets],
    ['v4', 'iptables-nft-restore', ['--noflush', '--counters'], job.rules.v4],
    ['v6', 'ip6tables-nft-restore', ['--noflush', '--counters'], job.rules.v6],
  ] as const;
  for (const [engine, program, args, input] of steps) {
    if (input === '') continue;
    try {
      await command(program, args, { input, timeoutMs: 30_000 });
    } catch (error) {
      return { engine, message: (error as Error).message };
    }
  }
  await command('nft', ['-f', '-'], { input: job.base });
  // Nobody listens here, and the kernel's answer to that would take the connection off the list again.
  const hush = 'tcp flags & rst == rst drop';
  const mark = `ct direction original ct mark set ${PASSED}`;
  await command('nft', ['-f', '-'], {
    input: `table inet mwsim {
  chain output { type filter hook output priority -400; ${hush}; }
  chain input { type filter hook input priority ${LAST}; ${mark}; }
  chain postrouting { type filter hook postrouting priority ${LAST}; ${mark}; }
}\n`,
  });
  return null;
}

async function build(worldPid: number): Promise<void> {
  const wires = job.interfaces.flatMap((name, index) => [
    `link add ${name} address ${MAC} type veth peer name w${index} address ${MAC} netns ${worldPid}`,
    `link set ${name} arp off up`,
  ]);
  await ipBatch(['link set lo up', ...wires]);
  for (const path of ['ipv4/ip_forward', 'ipv6/conf/all/forwarding'])
    writeFileSync(`/proc/sys/net/${path}`, '1');
  writeFileSync('/proc/sys/net/ipv4/conf/all/rp_filter', '2');
  await ipBatch([...job.addresses, ...job.routes]);
}

/** Sources live here, and each one's packets leave by the wire that leads to the interface where they must come in. */
function worldBatch(): string[] {
  const lines = ['link set lo up', ...job.interfaces.map((_, index) => `link set w${index} arp off up`)];
  for (const family of ['-4', '-6']) {
    lines.push(`${family} rule add priority 32000 lookup local`, `${family} rule delete priority 0`);
  }
  for (const [index] of job.interfaces.entries()) {
    lines.push(`-4 route add default dev w${index} table ${100 + index}`);
    lines.push(`-6 route add default dev w${index} table ${100 + index}`);
  }
  const sources = new Map(job.packets.map((packet) => [packet.from, packet.enter]));
  for (const [from, enter] of sources) {
    if (enter === null) continue;
    const host = from.includes(':') ? `${from}/128` : `${from}/32`;
    lines.push(`address add ${host} dev lo${from.includes(':') ? ' nodad' : ''}`);
    const family = from.includes(':') ? '-6' : '-4';
    lines.push(`${family} rule add priority 100 from ${host} lookup ${100 + job.interfaces.indexOf(enter)}`);
  }
  return lines;
}

async function establish(): Promise<void> {
  for (const { from, to, protocol, port, fromPort } of job.packets) {
    if (protocol === 'icmp') continue;
    const state = protocol === 'tcp' ? ['--state', 'ESTABLISHED'] : [];
    const tuple = ['-s', from, '-d', to, '--sport', String(fromPort), '--dport', String(port)];
    await command('conntrack', [
      '-I',
      '-p',
      protocol,
      ...state,
      '-t',
      '100',
      '-u',
      'SEEN_REPLY,ASSURED',
      ...tuple,
    ]).catch(() => undefined);
  }
}

/** A dropped packet's connection is never confirmed, so it is not in the list at all. */
async function passedTuples(): Promise<string[]> {
  const families = [...new Set(job.packets.map(({ from }) => (from.includes(':') ? 'ipv6' : 'ipv4')))];
  const lists = await Promise.all(
    families.map((family) => command('conntrack', ['-L', '-f', family, '-m', `${PASSED}/${PASSED}`])),
  );
  return lists.join('').split('\n');
}

function isOf(packet: Packet, line: string): boolean {
  const words = line.split(/\s+/);
  const first = (key: string) => words.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1);
  const protocol = packet.protocol === 'icmp' && packet.from.includes(':') ? 'icmpv6' : packet.protocol;
  return (
    words[0] === protocol &&
    first('src') === packet.from &&
    first('dst') === packet.to &&
    (packet.protocol === 'icmp' || first('dport') === String(packet.port)) &&
    (packet.fromPort === null || packet.protocol === 'icmp' || first('sport') === String(packet.fromPort))
  );
}
