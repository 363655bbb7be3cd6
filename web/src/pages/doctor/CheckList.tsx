import type { DoctorCheck } from '../../../../src/observe/doctor-check.ts';
import { type MarkState, StateMark } from '../../kit/StateMark.tsx';
import styles from './CheckList.module.css';

const MARKS: Record<DoctorCheck['state'], { state: MarkState; word: string }> = {
  ok: { state: 'up', word: 'ok' },
  warn: { state: 'degraded', word: 'warning' },
  fail: { state: 'down', word: 'failure' },
  unknown: { state: 'unknown', word: 'unknown' },
};

const ORDER = ['fail', 'warn', 'unknown', 'ok'];

/** All checks; what needs attention comes first. */
export function CheckList({ checks }: { checks: readonly DoctorCheck[] }) {
  const sorted = checks.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  return (
    <ul className={styles.list}>
      {sorted.map(({ name, state, text, remedy }) => (
        <li key={name}>
          <StateMark {...MARKS[state]} />
          <span className={styles.name}>{name}</span>
          <span>
            {text} {remedy && <span className={styles.remedy}>→ {remedy}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
