import styles from './Sparkline.module.css';
import { sparklinePath } from './sparkline-path.ts';

const WIDTH = 72;
const HEIGHT = 20;

/** The last minutes at a glance; the figure beside it says how much. */
export function Sparkline({ values }: { values: readonly (number | null)[] }) {
  // Before the first measurement there is nothing to leave room for.
  const first = values.findIndex((value) => value !== null);
  const path = sparklinePath(values.slice(Math.max(first, 0)), WIDTH, HEIGHT);
  return (
    <svg className={styles.spark} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <path d={path || `M0 ${HEIGHT / 2}H${WIDTH}`} data-empty={path === '' || undefined} />
    </svg>
  );
}
