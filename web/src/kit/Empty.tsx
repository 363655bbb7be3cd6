import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import styles from './Empty.module.css';

interface EmptyProps {
  readonly icon: Icon;
  readonly title: string;
  readonly children: ReactNode;
  /** What to do next. */
  readonly action?: ReactNode;
}

export function Empty({ icon: Glyph, title, children, action }: EmptyProps) {
  return (
    <div className={styles.empty}>
      <Glyph className={styles.icon} size={26} stroke={1.5} aria-hidden="true" />
      <p className={styles.title}>{title}</p>
      <p className={styles.text}>{children}</p>
      {action && <div className={styles.action}>{action}</div>}
    </div>
  );
}
