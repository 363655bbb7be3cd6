import type { ReactNode } from 'react';
import styles from './Legend.module.css';
import lines from './LinkLine.module.css';

const ENTRIES = [
  ['up', 'up'],
  ['degraded', 'degraded'],
  ['down', 'down'],
  ['unknown', 'not known'],
] as const;

export function Legend() {
  return (
    <ul className={styles.legend}>
      {ENTRIES.map(([state, words]) => (
        <li key={state}>
          <Sample>
            <path d="M1 6H27" className={lines.line} data-state={state} />
            {state === 'down' && <path d="m11 3 6 6m0-6-6 6" className={styles.cross} />}
          </Sample>
          {words}
        </li>
      ))}
      <li>
        <Sample>
          <path d="M1 6H27" className={lines.line} data-state="up" data-far />
        </Sample>
        thin: between others, as they tell it
      </li>
      <li>
        <Sample>
          <path d="M1 6H27" className={lines.detour} />
        </Sample>
        carries re-routed traffic
      </li>
    </ul>
  );
}

function Sample({ children }: { children: ReactNode }) {
  return (
    <svg className={styles.sample} viewBox="0 0 28 12" aria-hidden="true">
      {children}
    </svg>
  );
}
