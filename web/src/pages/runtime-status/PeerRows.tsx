import { Link } from 'wouter';
import type { Member, Link as MeshLink } from '../../../../src/observe/mesh-status.ts';
import { percent, UNKNOWN } from '../../format/number.ts';
import { Ago, For } from '../../kit/Ago.tsx';
import { Cell, RowHead } from '../../kit/DataTable.tsx';
import { Mono } from '../../kit/Mono.tsx';
import { Reasons } from '../../kit/Reasons.tsx';
import { Sparkline } from '../../kit/Sparkline.tsx';
import { StateMark } from '../../kit/StateMark.tsx';
import { useLinks, useLive } from '../../live/live-context.tsx';
import { checksumWords, lossNow, pathNowWords, rttWords } from '../../live/words.ts';
import styles from './PeerRows.module.css';

interface PeerProps {
  readonly member: Member;
  readonly link: MeshLink | undefined;
}

/** One peer: its figures, and below them why it is not as it should be. */
export function PeerRows({ member, link }: PeerProps) {
  const links = useLinks();
  return (
    <>
      <tr>
        <RowHead>
          <Link href={`/peers/${member.id}`} className={styles.name}>
            {member.name ?? `controller ${member.id}`}
          </Link>
          <div className={styles.below}>
            {member.id} · <Mono>{member.overlay_ipaddress}</Mono>
          </div>
        </RowHead>
        {link ? <LinkCells link={link} /> : <NoLinkCells />}
        <Cell label="Checksum">
          <span title={member.topology_checksum ?? undefined}>
            <StateMark state={CHECKSUM[member.checksum]} word={checksumWords(member.checksum)} />
          </span>
          {member.version && <div className={styles.below}>version {member.version}</div>}
        </Cell>
        <Cell label="Path now">{pathNowWords(member.path, links)}</Cell>
      </tr>
      {link && link.reasons.length > 0 && (
        <tr>
          <Cell span={9}>
            <div className={styles.reasons} data-state={link.state}>
              <Reasons reasons={link.reasons} />
            </div>
          </Cell>
        </tr>
      )}
    </>
  );
}

const CHECKSUM = { match: 'up', differs: 'down', unknown: 'unknown' } as const;
const NO_SAMPLES: readonly number[] = [];

function LinkCells({ link }: { link: MeshLink }) {
  const samples = useLive((live) => live.samples[link.peer] ?? NO_SAMPLES);
  return (
    <>
      <Cell label="Link">
        <StateMark state={link.state} />
        <div className={styles.below}>
          <For since={link.since} />
        </div>
      </Cell>
      <Cell label="RTT">
        <span className={styles.rtt}>
          {rttWords(link)} <Sparkline values={samples} />
        </span>
      </Cell>
      <Cell label="Loss">{percent(lossNow(link.state, link.probe.loss))}</Cell>
      <Cell label="Last packet">
        <Ago at={link.last_packet_at} />
      </Cell>
      <Cell label="MTU">
        {link.mtu.size}
        {link.mtu.passes === false && <div className={styles.fails}>does not pass</div>}
        {link.mtu.passes === null && <div className={styles.below}>not checked</div>}
      </Cell>
      <Cell label="Routes in / out">
        {link.bgp.routes_imported} / {link.bgp.routes_exported}
      </Cell>
    </>
  );
}

function NoLinkCells() {
  return (
    <>
      <Cell label="Link">
        <StateMark state="unknown" word="no link here" />
      </Cell>
      {['RTT', 'Loss', 'Last packet', 'MTU', 'Routes in / out'].map((label) => (
        <Cell key={label} label={label}>
          {UNKNOWN}
        </Cell>
      ))}
    </>
  );
}
