import { useFreshness } from '../live/live-context.tsx';
import styles from './StateMark.module.css';

export type MarkState = 'up' | 'degraded' | 'down' | 'unknown';

interface StateMarkProps {
  readonly state: MarkState;
  /** Instead of the state's own word. */
  readonly word?: string | undefined;
}

/** A state as shape, colour and word. Without a live controller it is what *was*, and looks it. */
export function StateMark({ state, word = state }: StateMarkProps) {
  const isLive = useFreshness() === 'live';
  const shown = isLive ? state : 'unknown';
  return (
    <span className={styles.mark} data-state={shown}>
      <StateShape state={shown} />
      <span>{isLive ? word : `was ${word}`}</span>
    </span>
  );
}

/** Full, half, crossed, hollow: told apart without colour. */
export function StateShape({ state }: { state: MarkState }) {
  return (
    <svg className={styles.shape} data-state={state} viewBox="0 0 12 12" aria-hidden="true">
      <Shape state={state} />
    </svg>
  );
}

function Shape({ state }: { state: MarkState }) {
  switch (state) {
    case 'up':
      return <circle cx="6" cy="6" r="5" fill="currentColor" />;
    case 'degraded':
      return <path d="M6 .8 11.6 11H.4Z" fill="currentColor" />;
    case 'down':
      return <path d="m2 2 8 8m0-8-8 8" stroke="currentColor" strokeWidth="2.6" strokeLinecap="round" />;
    case 'unknown':
      return (
        <circle
          cx="6"
          cy="6"
          r="4.3"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
          strokeDasharray="2 1.6"
        />
      );
  }
}
