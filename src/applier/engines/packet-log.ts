import { readdirSync, readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import type { DesiredFirewall, LoggedPacket } from '../../desired/firewall.ts';
import { LOG_GROUP } from '../../render/engine-paths.ts';
import { StandingProgram } from '../standing-program.ts';
import { type NflogPacket, NflogStream } from './nflog-parse.ts';

/** A flood of packets is not a flood of events: what goes beyond is not told. */
const MOST_PER_SECOND = 50;
const RESTART_MS = 2000;
const READER = [
  'tcpdump',
  ...['-Z', 'root', '--immediate-mode', '-n', '-U', '-s', '256', '-w', '-'],
  ...['-i', `nflog:${LOG_GROUP}`],
] as const;

/**
 * Tells which packets meet LOG rules. The kernel hands them to a netlink group, in namespaces as well, where its own
 * log stays silent; tcpdump reads the group, and runs only while there is a LOG rule.
 */
export class PacketLog {
  readonly #onPacket: (packet: LoggedPacket) => void;
  readonly #reader: StandingProgram;
  #second = 0;
  #told = 0;

  constructor(onPacket: (packet: LoggedPacket) => void) {
    this.#onPacket = onPacket;
    this.#reader = new StandingProgram(READER, (output) => this.#read(output), { restartMs: RESTART_MS });
  }

  follow({ rules }: DesiredFirewall): void {
    if (rules.some(({ words }) => words.includes('LOG'))) this.#reader.start();
    else this.stop();
  }

  stop(): void {
    this.#reader.stop();
  }

  #read(output: Readable): void {
    const stream = new NflogStream();
    output.on('data', (chunk: Buffer) => {
      try {
        for (const packet of stream.push(chunk)) this.#tell(packet);
      } catch {
        this.#reader.restart();
      }
    });
  }

  #tell({ inIndex, outIndex, ...packet }: NflogPacket): void {
    const second = Math.trunc(Date.now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#told = 0;
    }
    if (++this.#told > MOST_PER_SECOND) return;
    this.#onPacket({ ...packet, in: interfaceName(inIndex), out: interfaceName(outIndex) });
  }
}

const names = new Map<number, string>();

function interfaceName(index: number | null): string | null {
  if (index === null || index === 0) return null;
  if (!names.has(index)) readNames();
  return names.get(index) ?? String(index);
}

/** Numbers are never given twice while the machine runs, so what was read stays true. */
function readNames(): void {
  for (const name of readdirSync('/sys/class/net')) {
    try {
      names.set(Number(readFileSync(`/sys/class/net/${name}/ifindex`, 'utf8')), name);
    } catch {
      // Went away while we looked.
    }
  }
}
