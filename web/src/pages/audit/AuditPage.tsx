import { Button, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDownload, IconListDetails } from '@tabler/icons-react';
import { useState } from 'react';
import { auditParameters, useAudit, useVerifyAudit } from '../../api/access.ts';
import { Empty } from '../../kit/Empty.tsx';
import { FormError } from '../../kit/FormError.tsx';
import { Notice } from '../../kit/Notice.tsx';
import { Page } from '../../kit/Page.tsx';
import { Section } from '../../kit/Section.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import { EntryTable } from './EntryTable.tsx';

const PAGE = 100;
const OUTCOMES = [
  { value: '', label: 'done and refused' },
  { value: 'done', label: 'done' },
  { value: 'refused', label: 'refused' },
];

export function AuditPage() {
  const [filter, setFilter] = useState({ actor: '', action: '', outcome: '' });
  const [limit, setLimit] = useState(PAGE);
  const [asked] = useDebouncedValue(filter, 300);
  const { data: entries, error } = useAudit(asked, limit);
  const verify = useVerifyAudit();
  const verdict = verify.data;
  return (
    <Page
      title="Audit log"
      lead="Who changed what, from where, with the values before and after. Secrets are never in it."
      actions={
        <>
          <Button variant="default" loading={verify.isPending} onClick={() => verify.mutate()}>
            Check it
          </Button>
          <Button
            component="a"
            href={`/api/mesh/audit/export?${auditParameters(asked)}`}
            download
            variant="default"
            leftSection={<IconDownload size={16} />}
          >
            Export
          </Button>
        </>
      }
    >
      <FormError error={verify.error} />
      {verdict?.intact && (
        <Notice tone="good" title={`${verdict.entries} entries, none changed or missing.`}>
          To prove that later, write this down elsewhere: {verdict.head.slice(0, 32)}
        </Notice>
      )}
      {verdict && !verdict.intact && (
        <Notice tone="bad">The log was changed: entry {verdict.broken_at} is not what it was.</Notice>
      )}
      <Section title="Entries" flush>
        <Group gap="sm" p="sm">
          <TextInput
            aria-label="Who"
            placeholder="Who"
            value={filter.actor}
            onChange={(event) => setFilter({ ...filter, actor: event.currentTarget.value })}
          />
          <TextInput
            aria-label="What"
            placeholder="What"
            value={filter.action}
            onChange={(event) => setFilter({ ...filter, action: event.currentTarget.value })}
          />
          <Select
            aria-label="Outcome"
            data={OUTCOMES}
            allowDeselect={false}
            value={filter.outcome}
            onChange={(outcome) => setFilter({ ...filter, outcome: outcome ?? '' })}
          />
        </Group>
        {!entries && <Waiting error={error} />}
        {entries?.length === 0 && (
          <Empty icon={IconListDetails} title="No entries">
            Nothing was changed yet, or nothing fits the filter.
          </Empty>
        )}
        {entries && entries.length > 0 && <EntryTable entries={entries} />}
        {entries && entries.length >= limit && limit < 1000 && (
          <Group p="sm" justify="center">
            <Button variant="default" onClick={() => setLimit(Math.min(limit + PAGE, 1000))}>
              Show older entries
            </Button>
          </Group>
        )}
      </Section>
    </Page>
  );
}
