import { Button } from '@mantine/core';
import { useState } from 'react';
import { type Standing, useCertificate, useResetCertificate } from '../../api/access.ts';
import { dateTime } from '../../format/time.ts';
import { Confirm } from '../../kit/Confirm.tsx';
import { CopyText } from '../../kit/CopyText.tsx';
import { Facts } from '../../kit/Facts.tsx';
import { FormError } from '../../kit/FormError.tsx';
import { Notice } from '../../kit/Notice.tsx';
import { Page } from '../../kit/Page.tsx';
import { Section } from '../../kit/Section.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import { ConsoleNames } from './ConsoleNames.tsx';
import { InstallForm } from './InstallForm.tsx';

export function CertificatePage() {
  const { data, error } = useCertificate();
  return (
    <Page
      title="HTTPS certificate"
      width="column"
      lead="What browsers and programs see of this controller first."
    >
      {data?.state === 'soon' && <Notice tone="warn">It ends in {data.days_left} days.</Notice>}
      {data?.state === 'over' && <Notice tone="bad">It is over. Browsers refuse it.</Notice>}
      <Section title="In use" aside={data && !data.self_signed && <Reset />}>
        {data ? <Shown standing={data} /> : <Waiting error={error} />}
      </Section>
      <InstallForm />
      <ConsoleNames />
    </Page>
  );
}

function Shown({ standing }: { standing: Standing }) {
  const { self_signed, names, until, fingerprint } = standing;
  return (
    <Facts
      facts={[
        { name: 'Issued by', value: self_signed ? 'this controller itself' : 'an authority' },
        { name: 'Names', value: names.join(', ') },
        { name: 'Until', value: until === null ? 'unknown' : dateTime(until) },
        {
          name: 'SHA-256',
          value: fingerprint && (
            <CopyText value={fingerprint} what="fingerprint" short={`${fingerprint.slice(0, 23)}…`} />
          ),
        },
      ]}
    />
  );
}

function Reset() {
  const reset = useResetCertificate();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setAsking(true)}>
        Back to a self-signed one
      </Button>
      <FormError error={reset.error} />
      <Confirm
        opened={asking}
        title="Go back to a self-signed certificate?"
        confirm="Go back"
        busy={reset.isPending}
        onCancel={() => setAsking(false)}
        onConfirm={() => reset.mutate(undefined, { onSettled: () => setAsking(false) })}
      >
        Browsers warn of it, and programs that check the certificate refuse this controller.
      </Confirm>
    </>
  );
}
