import { VisuallyHidden } from '@mantine/core';
import { Handle, type NodeProps, Position } from '@xyflow/react';
import { Link } from 'wouter';
import { count } from '../../format/number.ts';
import { Mono } from '../../kit/Mono.tsx';
import { type MarkState, StateShape } from '../../kit/StateMark.tsx';
import { useFreshness } from '../../live/live-context.tsx';
import styles from './ControllerBox.module.css';
import type { Reach, Spot } from './picture.ts';

const LOOKS: Record<Reach, readonly [MarkState, string]> = {
  self: ['up', 'this instance'],
  reachable: ['up', 'reachable'],
  unreachable: ['down', 'not reachable'],
  unknown: ['unknown', 'not known whether it is reachable'],
};

/** One controller: who it is and whether anything reaches it. Leads to its details. */
export function ControllerBox({ data }: NodeProps) {
  const { member, isSelf, id, reach } = data.spot as Spot;
  const isLive = useFreshness() === 'live';
  const [reached, words] = LOOKS[reach];
  const state = isLive ? reached : 'unknown';
  return (
    <>
      <Handle className={styles.handle} type="source" position={Position.Top} isConnectable={false} />
      <Handle className={styles.handle} type="target" position={Position.Top} isConnectable={false} />
      <Link
        href={isSelf ? '/' : `/peers/${id}`}
        className={`${styles.box} nopan`}
        data-self={isSelf || undefined}
        data-state={state}
      >
        <span className={styles.name}>
          <StateShape state={state} />
          <span>{member.name ?? `controller ${id}`}</span>
        </span>
        <span className={styles.below}>
          {id} · <Mono>{member.overlay_ipaddress}</Mono>
        </span>
        {(member.clients > 0 || member.drained) && (
          <span className={styles.below}>
            {[member.clients > 0 && count(member.clients, 'client'), member.drained && 'drained']
              .filter(Boolean)
              .join(' · ')}
          </span>
        )}
        {isSelf ? <span className={styles.self}>{words}</span> : <VisuallyHidden>{words}</VisuallyHidden>}
      </Link>
    </>
  );
}
