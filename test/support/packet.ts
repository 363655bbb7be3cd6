import { run } from '../../src/lab/program.ts';
import { inNamespace } from './knock.ts';

export interface Packet {
  readonly to: string;
  /** Of UDP; another protocol's packet has no ports. */
  readonly port?: number;
  /** Number of the protocol when it is not UDP. */
  readonly protocol?: number;
  /** Hop limit in IPv6. */
  readonly ttl?: number;
  /** The byte that was the type of service: six bits of DSCP, two of ECN. */
  readonly tos?: number;
  /** How many bytes it carries. */
  readonly size?: number;
}

/** Sends one packet with fields that Node's sockets cannot set. Perl is part of every Debian. */
export async function sendPacket(
  namespace: string | null,
  { to, port = 0, protocol = 17, ttl = 64, tos = 0, size = 8 }: Packet,
): Promise<void> {
  const numbers = [port, protocol, ttl, tos, size].map(String);
  await run(inNamespace(namespace, ['perl', '-e', SENDER, to, ...numbers]));
}

/** A raw socket takes no port; what it carries begins with ports all the same, as TCP, UDP and SCTP have them. */
const SENDER = `
use strict; use Socket qw(:DEFAULT inet_pton pack_sockaddr_in6);
my ($to, $port, $protocol, $ttl, $tos, $size) = @ARGV;
my $v6 = $to =~ /:/;
my $raw = $protocol != 17;
socket(my $socket, $v6 ? AF_INET6 : AF_INET, $raw ? SOCK_RAW : SOCK_DGRAM, $protocol) or die "socket: $!";
my ($level, $ttl_option, $tos_option) = $v6 ? (41, 16, 67) : (0, 2, 1);
setsockopt($socket, $level, $ttl_option, pack('i', $ttl)) or die "ttl: $!";
setsockopt($socket, $level, $tos_option, pack('i', $tos)) or die "tos: $!";
my $at = $raw ? 0 : $port;
my $where = $v6 ? pack_sockaddr_in6($at, inet_pton(AF_INET6, $to)) : pack_sockaddr_in($at, inet_aton($to));
my $carried = $raw ? pack('nnNN', 40000, $port, 0, 0) : '';
$carried .= 'x' x ($size - length $carried) if $size > length $carried;
defined send($socket, $carried, 0, $where) or die "send: $!";
`;
