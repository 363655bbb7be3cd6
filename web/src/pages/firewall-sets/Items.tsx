import type { ReactNode } from 'react';
import { UNKNOWN } from '../../format/number.ts';
import styles from './Items.module.css';

const SHOWN = 6;

/** The first of what a set or subtable holds. */
export function Items({ children }: { children: readonly ReactNode[] }) {
  const rest = children.length - SHOWN;
  return (
    <div className={styles.items}>
      {children.slice(0, SHOWN)}
      {children.length === 0 && UNKNOWN}
      {rest > 0 && <div className={styles.more}>and {rest} more</div>}
    </div>
  );
}
