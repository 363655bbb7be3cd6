import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { type Change, useChange, useDryRun } from '../api/firewall.ts';
import { Dialog } from '../kit/Dialog.tsx';
import { DialogForm } from '../kit/DialogForm.tsx';
import { CareSwitch } from './CareSwitch.tsx';
import { confirmOf, useCare } from './care.ts';
import { DryRunReport } from './DryRunReport.tsx';

interface ChangeDialogProps {
  readonly title: string;
  readonly submit: string;
  /** The change that the fields describe now. */
  readonly wanted: Change;
  readonly isReady: boolean;
  /** Fields that show their own message. */
  readonly fields: readonly string[];
  readonly onClose: () => void;
  readonly children: (error: unknown) => ReactNode;
}

/** A dialog that changes the firewall, or tells first what the change would do. */
export function ChangeDialog(props: ChangeDialogProps) {
  const { title, submit, wanted, isReady, fields, onClose, children } = props;
  const [care] = useCare();
  const change = useChange();
  const dryRun = useDryRun();
  const error = change.error ?? dryRun.error;
  const send = () => {
    dryRun.reset();
    change.mutate({ ...wanted, confirm: confirmOf(care) }, { onSuccess: onClose });
  };
  const tryOut = () => {
    change.reset();
    dryRun.mutate(wanted);
  };
  return (
    <Dialog title={title} size="lg" onClose={onClose}>
      <DialogForm
        error={error}
        fields={fields}
        submit={submit}
        isReady={isReady}
        busy={change.isPending}
        onSubmit={send}
        otherButton={
          <Button variant="default" disabled={!isReady} loading={dryRun.isPending} onClick={tryOut}>
            What would it do?
          </Button>
        }
      >
        {children(error)}
        <CareSwitch described />
        {dryRun.data && <DryRunReport report={dryRun.data} />}
      </DialogForm>
    </Dialog>
  );
}
