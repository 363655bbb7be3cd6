import { Stepper } from '@mantine/core';
import { useKeyset } from '../../api/keyset.ts';
import type { WireLicense } from '../../api/license.ts';
import { Waiting } from '../../kit/Waiting.tsx';
import { KeysetPanel } from '../keyset/KeysetPanel.tsx';
import { AddressingForm } from '../licence/AddressingForm.tsx';
import { BecomeInstance } from './BecomeInstance.tsx';
import styles from './FirstController.module.css';
import { Invite } from './Invite.tsx';
import { FIRST_STEPS, type FirstStep } from './progress.ts';
import { TakeLicence } from './TakeLicence.tsx';

const STEPS: Record<FirstStep, { label: string; description: string }> = {
  licence: { label: 'Licence', description: 'what it may hold' },
  addressing: { label: 'Addressing', description: 'who gets which address' },
  keyset: { label: 'Keyset', description: 'made once, from a token' },
  identity: { label: 'This instance', description: 'the id of this controller' },
  invite: { label: 'Add controllers', description: 'one join code each' },
};

interface FirstControllerProps {
  readonly step: FirstStep;
  readonly license: WireLicense | null;
}

export function FirstController({ step, license }: FirstControllerProps) {
  return (
    <div className={styles.guide}>
      <Stepper
        className={styles.steps}
        active={FIRST_STEPS.indexOf(step)}
        orientation="vertical"
        size="xs"
        classNames={{ stepLabel: styles.label!, stepDescription: styles.description! }}
        allowNextStepsSelect={false}
        aria-label="Steps"
      >
        {FIRST_STEPS.map((name) => (
          <Stepper.Step key={name} {...STEPS[name]} />
        ))}
      </Stepper>
      <div className={styles.content}>
        <StepContent step={step} license={license} />
      </div>
    </div>
  );
}

function StepContent({ step, license }: FirstControllerProps) {
  const keyset = useKeyset();
  switch (step) {
    case 'licence':
      return <TakeLicence />;
    case 'addressing':
      return license && <AddressingForm license={license} />;
    case 'keyset':
      return keyset.data ? (
        <KeysetPanel keyset={keyset.data} only="generate" />
      ) : (
        <Waiting error={keyset.error} />
      );
    case 'identity':
      return <BecomeInstance />;
    case 'invite':
      return <Invite />;
  }
}
