import type { ReactNode } from 'react';
import styles from './Mono.module.css';

/** Addresses, checksums and whatever else is compared letter by letter. */
export function Mono({ children, title }: { children: ReactNode; title?: string | undefined }) {
  return (
    <span className={styles.mono} title={title}>
      {children}
    </span>
  );
}
