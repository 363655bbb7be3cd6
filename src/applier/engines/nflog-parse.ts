import type { LoggedPacket } from '../../desired/firewall.ts';

/** A packet of the netlink log, with interfaces still as numbers. */
export interface NflogPacket extends Omit<LoggedPacket, 'in' | 'out'> {
  readonly inIndex: number | null;
  readonly outIndex: number | null;
}

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
/** Longest record that the reader asks for, with room for the attributes around the packet. */
const MAX_RECORD = 4096;
/** Attributes of nfnetlink_log (linux/netfilter/nfnetlink_log.h). */
const ATTRIBUTE = { indev: 4, outdev: 5, payload: 9, prefix: 10 } as const;
const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' };

/** Cuts the stream of a pcap file of link type NFLOG into packets; keeps what is not complete yet. */
export class NflogStream {
  #rest: Buffer = Buffer.alloc(0);
  #hasHeader = false;

  push(chunk: Buffer): NflogPacket[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    if (!this.#hasHeader) {
      if (this.#rest.length < FILE_HEADER) return [];
      this.#rest = this.#rest.subarray(FILE_HEADER);
      this.#hasHeader = true;
    }
    const packets: NflogPacket[] = [];
    while (this.#rest.length >= RECORD_HEADER) {
      const length = this.#rest.readUInt32LE(8);
      if (length > MAX_RECORD) throw new Error('the packet log is out of step');
      if (this.#rest.length < RECORD_HEADER + length) break;
      const packet = parseRecord(this.#rest.subarray(RECORD_HEADER, RECORD_HEADER + length));
      if (packet) packets.push(packet);
      this.#rest = this.#rest.subarray(RECORD_HEADER + length);
    }
    return packets;
  }
}

function parseRecord(record: Buffer): NflogPacket | null {
  const attributes = new Map<number, Buffer>();
  for (let at = 4; at + 4 <= record.length; ) {
    const length = record.readUInt16LE(at);
    if (length < 4 || at + length > record.length) break;
    attributes.set(record.readUInt16LE(at + 2) & 0x7fff, record.subarray(at + 4, at + length));
    at += (length + 3) & ~3;
  }
  const payload = attributes.get(ATTRIBUTE.payload);
  const packet = payload && parsePacket(payload);
  if (!packet) return null;
  const index = (type: number) => attributes.get(type)?.readUInt32BE(0) ?? null;
  const rule = attributes.get(ATTRIBUTE.prefix)?.toString('latin1').replace(/\0+$/, '') ?? '';
  return { rule, ...packet, inIndex: index(ATTRIBUTE.indev), outIndex: index(ATTRIBUTE.outdev) };
}

function parsePacket(packet: Buffer): Omit<NflogPacket, 'rule' | 'inIndex' | 'outIndex'> | null {
  const version = (packet[0] ?? 0) >> 4;
  if (version === 4 && packet.length >= 20) {
    const header = (packet[0]! & 15) * 4;
    const isFirst = (packet.readUInt16BE(6) & 0x1fff) === 0;
    return {
      ...layer4(packet[9]!, isFirst ? packet.subarray(header) : Buffer.alloc(0)),
      from: [...packet.subarray(12, 16)].join('.'),
      to: [...packet.subarray(16, 20)].join('.'),
      bytes: packet.readUInt16BE(2),
    };
  }
  if (version === 6 && packet.length >= 40) {
    return {
      ...layer4(packet[6]!, packet.subarray(40)),
      from: ipv6Text(packet.subarray(8, 24)),
      to: ipv6Text(packet.subarray(24, 40)),
      bytes: packet.readUInt16BE(4) + 40,
    };
  }
  return null;
}

function layer4(protocol: number, rest: Buffer) {
  const hasPorts = (protocol === 6 || protocol === 17) && rest.length >= 4;
  return {
    protocol: PROTOCOLS[protocol] ?? String(protocol),
    fromPort: hasPorts ? rest.readUInt16BE(0) : null,
    toPort: hasPorts ? rest.readUInt16BE(2) : null,
  };
}

/** The URL parser gives the canonical compressed form. */
function ipv6Text(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}
