import type { ReactNode } from 'react';
import type { Link } from '../../../../src/observe/mesh-status.ts';
import { bytes, count, millis, percent, UNKNOWN } from '../../format/number.ts';
import { Ago, For } from '../../kit/Ago.tsx';
import { Facts } from '../../kit/Facts.tsx';
import { Mono } from '../../kit/Mono.tsx';
import { Section } from '../../kit/Section.tsx';
import { lossNow, rttNow, rttWords } from '../../live/words.ts';

/** The link, layer by layer: each says for itself how it is. */
export function LinkFacts({ link }: { link: Link }) {
  const { state, bfd, bgp, probe, mtu } = link;
  return (
    <>
      <Section
        title="Quality"
        note={`From the last ${count(probe.window, 'probe')}, answered by the far side's kernel.`}
      >
        <Facts
          facts={[
            { name: 'RTT', value: rttWords(link) },
            { name: 'Jitter', value: millis(rttNow(state, probe.jitter_ms)) },
            { name: 'Loss', value: percent(lossNow(state, probe.loss)) },
            { name: `Packets of ${mtu.size} bytes`, value: <Mtu mtu={mtu} /> },
          ]}
        />
      </Section>
      <Section title="Tunnel" note="WireGuard. A handshake may be three minutes old on a healthy tunnel.">
        <Facts
          facts={[
            { name: 'Address in the peering form', value: mono(link.address) },
            { name: 'Endpoint in use', value: mono(link.endpoint) },
            { name: 'UDP port, both ends', value: link.port },
            { name: 'Last packet', value: <Ago at={link.last_packet_at} /> },
            { name: 'Last handshake', value: <Ago at={link.handshake_at} /> },
            { name: 'Received / sent', value: `${bytes(link.rx_bytes)} / ${bytes(link.tx_bytes)}` },
          ]}
        />
      </Section>
      <Section title="Detection and routing" note="BFD notices a dark link; BGP carries the routes.">
        <Facts
          facts={[
            { name: 'BFD', value: withSince(bfd.state, bfd.since) },
            { name: 'Detection', value: detection(bfd) },
            { name: 'BGP', value: withSince(bgp.state, bgp.since === null ? null : Date.parse(bgp.since)) },
            { name: 'Routes in / out', value: `${bgp.routes_imported} / ${bgp.routes_exported}` },
            { name: 'Last BGP error', value: bgp.last_error ?? 'none' },
          ]}
        />
      </Section>
    </>
  );
}

function Mtu({ mtu }: { mtu: Link['mtu'] }) {
  if (mtu.passes === null) return <>not checked yet</>;
  return (
    <>
      {mtu.passes ? 'pass' : 'do not pass'}, checked <Ago at={mtu.checked_at} />
    </>
  );
}

function detection({ interval_ms, timeout_ms }: Link['bfd']): string {
  if (interval_ms === null || timeout_ms === null) return UNKNOWN;
  return `every ${interval_ms} ms, down after ${timeout_ms} ms`;
}

const mono = (text: string | null): ReactNode => (text ? <Mono>{text}</Mono> : UNKNOWN);

const withSince = (state: string, since: number | null): ReactNode => (
  <>
    {state} <For since={since} />
  </>
);
