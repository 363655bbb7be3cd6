import { SegmentedControl } from '@mantine/core';
import { IconChartLine } from '@tabler/icons-react';
import { useState } from 'react';
import { useSearchParams } from 'wouter';
import type { HistoryRange } from '../../../../src/observe/history.ts';
import { useHistory } from '../../api/system.ts';
import { Empty } from '../../kit/Empty.tsx';
import { Page } from '../../kit/Page.tsx';
import { Section } from '../../kit/Section.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import { useLinks, useMembers } from '../../live/live-context.tsx';
import { HistoryEvents } from './HistoryEvents.tsx';
import { HistoryPlots } from './HistoryPlots.tsx';
import styles from './LinkHistory.module.css';

const RANGES: readonly { value: HistoryRange; label: string }[] = [
  { value: '1h', label: '1 hour' },
  { value: '6h', label: '6 hours' },
  { value: '24h', label: '24 hours' },
  { value: '7d', label: '7 days' },
  { value: '30d', label: '30 days' },
];

/** How a link was: round trip, jitter, loss and state over time, with the events beside the curves. */
export function LinkHistory() {
  const links = useLinks();
  const members = useMembers();
  const [search, setSearch] = useSearchParams();
  const [range, setRange] = useState<HistoryRange>('1h');
  const wanted = Number(search.get('peer'));
  const peer = links.some((link) => link.peer === wanted) ? wanted : (links[0]?.peer ?? null);
  const history = useHistory(peer, range);
  const peers = links.map((link) => {
    const name = members.find((member) => member.id === link.peer)?.name;
    return { value: String(link.peer), label: name ?? `controller ${link.peer}` };
  });
  if (peer === null) {
    return (
      <Page title="Link History">
        <Section title="Link">
          <Empty icon={IconChartLine} title="No links yet">
            A link has a history from the moment it is set in Controller Peering.
          </Empty>
        </Section>
      </Page>
    );
  }
  return (
    <Page title="Link History" lead="Kept in this controller for 30 days, coarser the older it is.">
      <div className={styles.choice}>
        <SegmentedControl
          aria-label="Link to"
          data={peers}
          value={String(peer)}
          onChange={(value) => setSearch({ peer: value }, { replace: true })}
        />
        <SegmentedControl
          aria-label="Time"
          data={[...RANGES]}
          value={range}
          onChange={(value) => setRange(value as HistoryRange)}
        />
      </div>
      <div className={styles.grid}>
        {history.data ? <HistoryPlots history={history.data} /> : <Waiting error={history.error} lines={6} />}
        <HistoryEvents peer={peer} from={history.data?.at[0] ?? null} />
      </div>
    </Page>
  );
}
