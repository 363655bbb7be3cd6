import { BaseEdge, type EdgeProps } from '@xyflow/react';
import type { Point } from './layout.ts';
import styles from './NetworkLine.module.css';

export function NetworkLine({ id, data }: EdgeProps) {
  const { from, to } = data as { from: Point; to: Point };
  return (
    <BaseEdge
      id={id}
      path={`M${from.x} ${from.y}L${to.x} ${to.y}`}
      className={styles.line}
      interactionWidth={0}
    />
  );
}
