import type { PeeringRow } from '../../api/peering.ts';
import { StateMark } from '../../kit/StateMark.tsx';
import { useLinks } from '../../live/live-context.tsx';
import styles from './RowState.module.css';

interface RowStateProps {
  readonly stored: PeeringRow | undefined;
  readonly isPeer: boolean;
}

/** How the link of a saved row is now. */
export function RowState({ stored, isPeer }: RowStateProps) {
  const link = useLinks().find((candidate) => candidate.peer === stored?.id);
  if (!isPeer) return <span className={styles.none} />;
  if (stored?.draft) return <span className={styles.state}>not applied yet</span>;
  return <span className={styles.state}>{link ? <StateMark state={link.state} /> : 'new'}</span>;
}
