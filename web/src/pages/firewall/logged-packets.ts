import { useEffect, useState } from 'react';
import { logUrl } from '../../api/firewall.ts';
import type { LoggedPacket } from './packet-line.ts';

const KEEP = 200;

export interface LoggedPackets {
  /** The latest comes first. */
  readonly packets: readonly LoggedPacket[];
  /** `lost`: the browser asks again by itself. `ended`: it does not. */
  readonly trouble: 'lost' | 'ended' | null;
}

const NOTHING: LoggedPackets = { packets: [], trouble: null };

/** The packets that the controller logs, while somebody wants to see them. */
export function useLoggedPackets(wanted: boolean): LoggedPackets {
  const [state, setState] = useState(NOTHING);
  useEffect(() => {
    if (!wanted) return;
    setState(NOTHING);
    const source = new EventSource(logUrl);
    // Each connection begins with the latest packets: after a lost one they would be there twice.
    source.addEventListener('open', () => setState(NOTHING));
    source.addEventListener('error', () => {
      const trouble = source.readyState === EventSource.CLOSED ? 'ended' : 'lost';
      setState(({ packets }) => ({ packets, trouble }));
    });
    source.addEventListener('packet', (event: MessageEvent<string>) => {
      const packet = JSON.parse(event.data) as LoggedPacket;
      setState(({ packets }) => ({ packets: [packet, ...packets].slice(0, KEEP), trouble: null }));
    });
    return () => source.close();
  }, [wanted]);
  return state;
}
