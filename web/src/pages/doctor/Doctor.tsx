import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import type { DoctorCheck } from '../../../../src/observe/doctor-check.ts';
import { useDoctor } from '../../api/system.ts';
import { count } from '../../format/number.ts';
import { dateTime } from '../../format/time.ts';
import { Notice } from '../../kit/Notice.tsx';
import { Page } from '../../kit/Page.tsx';
import { Section } from '../../kit/Section.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import { Bundle } from './Bundle.tsx';
import { CheckList } from './CheckList.tsx';

export function Doctor() {
  const doctor = useDoctor();
  const checks = doctor.data ?? [];
  return (
    <Page
      title="Diagnostics"
      width="column"
      lead={doctor.data ? verdict(checks) : 'What commonly keeps a mesh from working, looked at one by one.'}
      actions={
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} />}
          loading={doctor.isFetching}
          onClick={() => void doctor.refetch()}
        >
          Look again
        </Button>
      }
    >
      {doctor.data && doctor.error && (
        <Notice tone="bad" title="The last look failed">
          What you see was found on {dateTime(doctor.dataUpdatedAt)}. The reason: {doctor.error.message}
        </Notice>
      )}
      {doctor.data ? (
        <Section title="Checks" flush>
          <CheckList checks={checks} />
        </Section>
      ) : (
        <Waiting error={doctor.error} />
      )}
      <Bundle />
    </Page>
  );
}

function verdict(checks: readonly DoctorCheck[]): string {
  const failed = checks.filter((check) => check.state === 'fail').length;
  const warned = checks.filter((check) => check.state === 'warn').length;
  if (failed + warned === 0) return `${count(checks.length, 'check')}, nothing found.`;
  return [failed > 0 && count(failed, 'failure'), warned > 0 && count(warned, 'warning')]
    .filter(Boolean)
    .join(' and ')
    .concat(` in ${count(checks.length, 'check')}.`);
}
