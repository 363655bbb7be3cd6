import { type ReactNode, useEffect } from 'react';
import { ColorSchemeSwitch } from '../shell/ColorSchemeSwitch.tsx';
import { Logo } from '../shell/Logo.tsx';
import styles from './Entrance.module.css';

interface EntranceProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly children?: ReactNode;
}

/** The frame of everything before the console itself. */
export function Entrance({ title, lead, children }: EntranceProps) {
  useEffect(() => {
    document.title = `${title} – Meshwright`;
  }, [title]);
  return (
    <div className={styles.entrance}>
      <div className={styles.corner}>
        <ColorSchemeSwitch />
      </div>
      <main className={styles.card}>
        <div className={styles.brand}>
          <Logo /> Meshwright
        </div>
        <h1 className={styles.title}>{title}</h1>
        {lead && <p className={styles.lead}>{lead}</p>}
        {children}
      </main>
      <p className={styles.host}>{location.host}</p>
    </div>
  );
}
