import { type ReactNode, useEffect } from 'react';
import styles from './Page.module.css';

interface PageProps {
  readonly title: string;
  /** One sentence: what this page is about, or how things stand. */
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  /** Forms and texts are easier to read in a column; tables and pictures take what there is. */
  readonly width?: 'full' | 'column';
  readonly children: ReactNode;
}

export function Page({ title, lead, actions, width = 'full', children }: PageProps) {
  useEffect(() => {
    document.title = `${title} – Meshwright`;
  }, [title]);
  return (
    <div className={styles.page} data-width={width}>
      <header className={styles.head}>
        <div>
          <h1 className={styles.title}>{title}</h1>
          {lead && <p className={styles.lead}>{lead}</p>}
        </div>
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}
