import { Button } from '@mantine/core';
import { useState } from 'react';
import { useFreeLicense, usePreviewLicense, useUploadLicense } from '../../api/license.ts';
import { FormError } from '../../kit/FormError.tsx';
import { Section } from '../../kit/Section.tsx';
import { LicenceText } from '../licence/LicenceText.tsx';
import { GrantPreview } from './GrantPreview.tsx';
import styles from './TakeLicence.module.css';

/** A licence: the free one with a click, or one by paste or file, shown before it is taken. */
export function TakeLicence() {
  const [text, setText] = useState('');
  const free = useFreeLicense();
  const preview = usePreviewLicense();
  const upload = useUploadLicense();
  const change = (next: string) => {
    setText(next);
    preview.reset();
    upload.reset();
  };
  return (
    <>
      <Section
        title="The free licence"
        note="10 controllers and 100 clients. It ships with the product and never expires."
      >
        <div className={styles.row}>
          <Button loading={free.isPending} onClick={() => free.mutate()}>
            Use the free licence
          </Button>
          <FormError error={free.error} />
        </div>
      </Section>
      <Section title="A licence of your own" note="A text file, signed by its issuer.">
        <LicenceText value={text} onChange={change} />
        <div className={styles.row}>
          <FormError error={preview.error ?? upload.error} />
          {preview.data && <GrantPreview preview={preview.data} />}
          {preview.data ? (
            <Button loading={upload.isPending} onClick={() => upload.mutate(text)}>
              Use this licence
            </Button>
          ) : (
            <Button
              variant="default"
              disabled={text.trim() === ''}
              loading={preview.isPending}
              onClick={() => preview.mutate(text)}
            >
              Show what it grants
            </Button>
          )}
        </div>
      </Section>
    </>
  );
}
