import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDevices, IconSearch, IconTicket } from '@tabler/icons-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { type NativePack, useNextPack, usePacks } from '../../api/clientpacks.ts';
import { ApiError } from '../../api/error.ts';
import { count } from '../../format/number.ts';
import { Empty } from '../../kit/Empty.tsx';
import { Page } from '../../kit/Page.tsx';
import { Section } from '../../kit/Section.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import { BulkActions } from './BulkActions.tsx';
import { ClientControllers } from './ClientControllers.tsx';
import styles from './Clientpacks.module.css';
import { PackTable } from './PackTable.tsx';
import { FILTERS, type Filter, matching } from './pack-words.ts';

/** Refusals that mean no more than this; any other one is an error. */
const NONE_YET: ReadonlySet<string> = new Set(['NOT_LICENSED', 'KEYSET_MISSING']);

/** Everybody who may attach, and who does. */
export function Clientpacks() {
  const packs = usePacks();
  const next = useNextPack();
  const [, go] = useLocation();
  const handOut = () =>
    next.mutate(undefined, {
      onSuccess: ({ name }) => go(`/clientpacks/${name}`),
      onError: (error) => notifications.show({ color: 'red', message: error.message }),
    });
  return (
    <Page
      title="Clientpacks"
      lead="One per overlay client: its address, its credentials, and how it connects."
      actions={
        <Button
          leftSection={<IconTicket size={16} />}
          loading={next.isPending}
          disabled={!packs.data?.length}
          onClick={handOut}
        >
          Hand out the next one
        </Button>
      }
    >
      {packs.data ? <PackList packs={packs.data} /> : <NoList error={packs.error} />}
      {packs.data && <ClientControllers />}
    </Page>
  );
}

function NoList({ error }: { error: Error | null }) {
  if (!(error instanceof ApiError && NONE_YET.has(error.code))) return <Waiting error={error} />;
  return (
    <Section title="Clientpacks">
      <Empty icon={IconDevices} title="No clientpacks yet">
        {error.message} The keyset makes one for each client of the licence.
      </Empty>
    </Section>
  );
}

function PackList({ packs }: { packs: readonly NativePack[] }) {
  const [search, setSearch] = useState('');
  const [filter, setFilter] = useState<Filter>('all');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const shown = matching(packs, search, filter);
  const selected = packs.filter(({ name }) => chosen.has(name));
  const connected = packs.filter(({ client }) => client !== null).length;
  return (
    <Section
      title={count(packs.length, 'clientpack')}
      note={`${connected} connected, ${packs.filter((pack) => !pack.checked_out).length} not handed out.`}
      flush
    >
      <div className={styles.tools}>
        <TextInput
          className={styles.search}
          aria-label="Search clientpacks"
          placeholder="Address, tag, controller"
          leftSection={<IconSearch size={15} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <SegmentedControl
          className={styles.filter}
          aria-label="Show"
          size="xs"
          data={[...FILTERS]}
          value={filter}
          onChange={(value) => setFilter(value as Filter)}
        />
      </div>
      {selected.length > 0 && <BulkActions packs={selected} onDone={() => setChosen(new Set())} />}
      {shown.length === 0 ? (
        <Empty icon={IconSearch} title="None of them">
          Nothing matches the search.
        </Empty>
      ) : (
        <PackTable packs={shown} chosen={chosen} onChoose={setChosen} />
      )}
    </Section>
  );
}
