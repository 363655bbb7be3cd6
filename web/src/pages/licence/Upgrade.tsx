import { Button } from '@mantine/core';
import { useState } from 'react';
import { usePreviewLicense, useUpgradeLicense } from '../../api/license.ts';
import { FormError } from '../../kit/FormError.tsx';
import { Notice } from '../../kit/Notice.tsx';
import { Section } from '../../kit/Section.tsx';
import { LicenceText } from './LicenceText.tsx';
import styles from './Upgrade.module.css';
import { UpgradePreview } from './UpgradePreview.tsx';

/** A larger licence: first what it changes, then the change. An upgrade never takes anything away. */
export function Upgrade() {
  const [text, setText] = useState('');
  const preview = usePreviewLicense();
  const upgrade = useUpgradeLicense();
  const change = (next: string) => {
    setText(next);
    preview.reset();
    upgrade.reset();
  };
  const shown = preview.data?.kind === 'upgrade' ? preview.data : null;
  return (
    <Section title="Upgrade" note="Upload a larger licence. The mesh keeps running; nobody loses an address.">
      {upgrade.isSuccess ? (
        <Notice tone="good" title="The upgrade is stored">
          {upgrade.data.finalized
            ? `It added ${upgrade.data.new_managers} controllers and ${upgrade.data.new_clientpacks} client addresses.`
            : 'It is in force once addresses for what it adds are accepted.'}
        </Notice>
      ) : (
        <>
          <LicenceText value={text} onChange={change} />
          <div className={styles.preview}>
            <FormError error={preview.error ?? upgrade.error} />
            {shown && <UpgradePreview preview={shown} />}
          </div>
          {shown ? (
            <Button loading={upgrade.isPending} onClick={() => upgrade.mutate(text)}>
              Apply upgrade
            </Button>
          ) : (
            <Button
              variant="default"
              disabled={text.trim() === ''}
              loading={preview.isPending}
              onClick={() => preview.mutate(text)}
            >
              Show what it changes
            </Button>
          )}
        </>
      )}
    </Section>
  );
}
