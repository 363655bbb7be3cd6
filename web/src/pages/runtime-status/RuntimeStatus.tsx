import { Button } from '@mantine/core';
import { useEffect } from 'react';
import { Link, useLocation } from 'wouter';
import { Page } from '../../kit/Page.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import { useMesh } from '../../live/live-context.tsx';
import { Standing } from '../../live/Standing.tsx';
import { ControllerStatus } from './ControllerStatus.tsx';
import { PeersAndClients } from './PeersAndClients.tsx';
import { RecentEvents } from './RecentEvents.tsx';
import styles from './RuntimeStatus.module.css';
import { SystemStatus } from './SystemStatus.tsx';

const OFFERED = 'meshwright.guide-offered';

export function RuntimeStatus() {
  const mesh = useMesh();
  const isFresh = mesh !== null && mesh.controller.keyset === 'absent';
  useGuideOnce(isFresh);
  if (!mesh) {
    return (
      <Page title="Runtime Status">
        <Waiting error={null} />
      </Page>
    );
  }
  return (
    <Page
      title="Runtime Status"
      lead={<Standing />}
      actions={
        (isFresh || mesh.controller.id === null) && (
          <Button component={Link} href="/guide">
            Continue the set-up guide
          </Button>
        )
      }
    >
      <div className={styles.grid}>
        <div className={styles.main}>
          <ControllerStatus controller={mesh.controller} />
          <PeersAndClients mesh={mesh} />
        </div>
        <div className={styles.side}>
          <SystemStatus mesh={mesh} />
          <RecentEvents />
        </div>
      </div>
    </Page>
  );
}

/** A fresh controller opens with the guide, once: whoever leaves it finds the status here. */
function useGuideOnce(isFresh: boolean): void {
  const [, navigate] = useLocation();
  useEffect(() => {
    if (!isFresh || sessionStorage.getItem(OFFERED)) return;
    sessionStorage.setItem(OFFERED, 'yes');
    navigate('/guide', { replace: true });
  }, [isFresh, navigate]);
}
