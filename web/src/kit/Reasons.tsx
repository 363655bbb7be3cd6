import type { Reason } from '../../../src/observe/mesh-status.ts';
import styles from './Reasons.module.css';

/** Why something is not as it should be, and what to do about it. */
export function Reasons({ reasons }: { reasons: readonly Reason[] }) {
  return (
    <ul className={styles.reasons}>
      {reasons.map(({ code, text, remedy }) => (
        <li key={code}>
          <span>{text}</span> {remedy && <span className={styles.remedy}>{remedy}</span>}
        </li>
      ))}
    </ul>
  );
}
