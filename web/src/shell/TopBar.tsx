import { ActionIcon } from '@mantine/core';
import { IconMenu2 } from '@tabler/icons-react';
import { Link } from 'wouter';
import { useMesh } from '../live/live-context.tsx';
import { AccountMenu } from './AccountMenu.tsx';
import { ColorSchemeSwitch } from './ColorSchemeSwitch.tsx';
import { LiveMark } from './LiveMark.tsx';
import { Logo } from './Logo.tsx';
import styles from './TopBar.module.css';

export function TopBar({ onMenu }: { onMenu: () => void }) {
  const controller = useMesh()?.controller;
  return (
    <header className={styles.bar}>
      <ActionIcon
        className={styles.menu}
        variant="subtle"
        color="gray"
        onClick={onMenu}
        aria-label="Open the menu"
      >
        <IconMenu2 size={20} />
      </ActionIcon>
      <Link href="/" className={styles.home} aria-label="Meshwright: Runtime Status">
        <Logo />
      </Link>
      <div className={styles.names}>
        <span className={styles.topology} title="Topology">
          {controller?.topology_name || 'Unnamed topology'}
        </span>
        <span className={styles.slash} aria-hidden="true">
          /
        </span>
        <span className={styles.controller} title="This controller">
          {controller?.name || 'this controller'}
        </span>
        {controller?.id != null && <span className={styles.id}>controller {controller.id}</span>}
      </div>
      <LiveMark />
      <ColorSchemeSwitch />
      <AccountMenu />
    </header>
  );
}
