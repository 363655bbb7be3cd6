import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NflogStream } from './nflog-parse.ts';

const attribute = (type: number, data: Buffer): Buffer => {
  const header = Buffer.alloc(4);
  header.writeUInt16LE(data.length + 4, 0);
  header.writeUInt16LE(type, 2);
  return Buffer.concat([header, data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
};
const index = (value: number) => {
  const data = Buffer.alloc(4);
  data.writeUInt32BE(value);
  return data;
};
/** A pcap stream of link type 239 with one packet in it, as tcpdump writes it. */
function stream(packet: Buffer): Buffer {
  const record = Buffer.concat([
    Buffer.from([2, 0, 0, 195]),
    attribute(10, Buffer.from('f0000003\0')),
    attribute(4, index(7)),
    attribute(5, index(9)),
    attribute(9, packet),
  ]);
  const header = Buffer.alloc(16);
  header.writeUInt32LE(record.length, 8);
  header.writeUInt32LE(record.length, 12);
  const file = Buffer.alloc(24);
  file.writeUInt32LE(0xa1b2c3d4, 0);
  file.writeUInt32LE(239, 20);
  return Buffer.concat([file, header, record]);
}

const tcp4 = Buffer.from(`4500002800004000400600000ac9020a0ac9010a30392328${'00'.repeat(16)}`, 'hex');
const udp6 = Buffer.from(
  `6000000000091140${'fd'}${'00'.repeat(14)}01fd${'00'.repeat(14)}02003500350009000061`,
  'hex',
);

describe('the packet log', () => {
  it('reads IPv4 and IPv6, whole or in pieces', () => {
    const whole = stream(tcp4);
    expect(new NflogStream().push(whole)).toEqual([
      {
        rule: 'f0000003',
        protocol: 'tcp',
        from: '10.201.2.10',
        to: '10.201.1.10',
        fromPort: 12345,
        toPort: 9000,
        bytes: 40,
        inIndex: 7,
        outIndex: 9,
      },
    ]);
    const pieces = new NflogStream();
    const found = [...whole].flatMap((byte) => pieces.push(Buffer.from([byte])));
    expect(found).toHaveLength(1);
    expect(new NflogStream().push(stream(udp6))[0]).toMatchObject({
      protocol: 'udp',
      from: 'fd00::1',
      to: 'fd00::2',
      toPort: 53,
    });
  });

  it('takes any bytes of a stranger in its packets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(new NflogStream().push(stream(Buffer.from(bytes))).length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
