import { Drawer } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useEffect } from 'react';
import { Router, useLocation } from 'wouter';
import { useRefetchOnChange } from '../live/refetch.ts';
import { LeaveDialog } from './LeaveDialog.tsx';
import { LostBanner } from './LostBanner.tsx';
import { leave } from './navigation-guard.ts';
import { Outlet } from './Outlet.tsx';
import { usePreparedPages } from './prepare-pages.ts';
import styles from './Shell.module.css';
import { Sidebar } from './Sidebar.tsx';
import { TopBar } from './TopBar.tsx';
import { VisitBanner } from './VisitBanner.tsx';

/** The frame of all pages: who this is and whether it is alive on top, the menu at the left. */
export function Shell() {
  return (
    <Router aroundNav={(go, to, options) => leave(() => go(to, options))}>
      <Frame />
    </Router>
  );
}

function Frame() {
  useRefetchOnChange();
  usePreparedPages();
  const [menu, { open, close }] = useDisclosure(false);
  const [location] = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu closes because the page changed
  useEffect(close, [location]);
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        Skip to content
      </a>
      <TopBar onMenu={open} />
      <aside className={styles.sidebar}>
        <Sidebar />
      </aside>
      <Drawer
        opened={menu}
        onClose={close}
        size={264}
        title="Menu"
        lockScroll={false}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Sidebar />
      </Drawer>
      <main className={styles.main} id="main" tabIndex={-1}>
        <LostBanner />
        <VisitBanner />
        <Outlet />
      </main>
      <LeaveDialog />
    </div>
  );
}
