/** A packet to be sent for real. */
export interface Packet {
  readonly from: string;
  readonly to: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly port: number | null;
  readonly fromPort: number | null;
  /** The interface by which it comes in; null when this machine sends it. */
  readonly enter: string | null;
}

/** Everything that the sandbox is built from: text of the engines, and lines for `ip -batch`. */
export interface Job {
  readonly interfaces: readonly string[];
  readonly addresses: readonly string[];
  readonly routes: readonly string[];
  readonly base: string;
  readonly sets: string;
  readonly rules: { readonly v4: string; readonly v6: string };
  /** The packets belong to flows that are known already, as of a connection that is open. */
  readonly isEstablished: boolean;
  readonly packets: readonly Packet[];
}

export interface Outcome {
  /** The engine's complaint when it refused the rules, with the engine that said so. */
  readonly refused: { readonly engine: 'sets' | 'v4' | 'v6'; readonly message: string } | null;
  /** One word a packet. */
  readonly passed: readonly boolean[];
}
