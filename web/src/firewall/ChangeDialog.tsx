import type { ReactNode } from 'react';
import type { Change } from '../api/firewall.ts';
import { Dialog } from '../kit/Dialog.tsx';
import { DialogForm } from '../kit/DialogForm.tsx';
import { CareSwitch } from './CareSwitch.tsx';
import { useCarefulChange } from './careful-change.ts';
import { DryRunButton } from './DryRunButton.tsx';
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
  const careful = useCarefulChange();
  const { error } = careful;
  return (
    <Dialog title={title} size="lg" onClose={onClose}>
      <DialogForm
        error={error}
        fields={fields}
        submit={submit}
        isReady={isReady}
        busy={careful.isSending}
        onSubmit={() => careful.send(wanted, onClose)}
        otherButton={<DryRunButton careful={careful} wanted={isReady ? wanted : null} />}
      >
        {children(error)}
        <CareSwitch described />
        <DryRunReport report={careful.reportOn(wanted)} />
      </DialogForm>
    </Dialog>
  );
}
