import { clock } from '../../format/time.ts';

/** A logged packet as the API streams it. */
export interface LoggedPacket {
  readonly at: number;
  readonly rule: string;
  readonly protocol: string;
  readonly from: string;
  readonly to: string;
  readonly fromPort: number | null;
  readonly toPort: number | null;
  readonly in: string | null;
  readonly out: string | null;
  readonly bytes: number;
}

const end = (address: string, port: number | null): string => {
  if (port === null) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
};

/** In the time of the browser, as everywhere: `12:34:56.789  rule 3  tcp 10.0.0.1:4242 -> 10.0.0.2:443  eth0 -> mw2  60 bytes` */
export function packetLine(
  packet: LoggedPacket,
  rule = `rule ${packet.rule}`,
  now: number = Date.now(),
): string {
  const time = `${clock(packet.at, now)}.${String(packet.at % 1000).padStart(3, '0')}`;
  const way = `${packet.in ?? 'here'} -> ${packet.out ?? 'here'}`;
  const ends = `${end(packet.from, packet.fromPort)} -> ${end(packet.to, packet.toPort)}`;
  return `${time}  ${rule}  ${packet.protocol} ${ends}  ${way}  ${packet.bytes} bytes`;
}
