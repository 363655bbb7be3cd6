import { useState } from 'react';
import { ApiError } from '../api/error.ts';
import type { Change } from '../api/firewall.ts';
import { Confirm } from '../kit/Confirm.tsx';
import { FormError } from '../kit/FormError.tsx';
import { useCarefulChange } from './careful-change.ts';
import { DryRunButton } from './DryRunButton.tsx';
import { DryRunReport } from './DryRunReport.tsx';

interface ConfirmDeleteProps {
  /** Null while nothing is to be deleted. */
  readonly doomed: { readonly name: string; readonly path: string; readonly consequence: string } | null;
  readonly onClose: () => void;
}

/** Asks before something goes that rules may use. When some do, it asks again, and then switches those rules off. */
export function ConfirmDelete({ doomed, onClose }: ConfirmDeleteProps) {
  const careful = useCarefulChange();
  const { error } = careful;
  // What was asked again stays asked while its dry run takes the place of the refusal.
  const [isForced, setForced] = useState(false);
  const isInUse = isForced || (error instanceof ApiError && error.code === 'STILL_IN_USE');
  const close = () => {
    careful.reset();
    setForced(false);
    onClose();
  };
  const tryOut = (change: Change) => {
    setForced(isInUse);
    careful.tryOut(change);
  };
  const wanted: Change | null = doomed && { method: 'DELETE', path: doomed.path, force: isInUse };
  return (
    <Confirm
      opened={doomed !== null}
      title={`Delete ${doomed?.name ?? 'it'}?`}
      confirm={isInUse ? 'Delete, and switch those rules off' : 'Delete'}
      busy={careful.isSending}
      onCancel={close}
      onConfirm={() => wanted && careful.send(wanted, close)}
      otherButton={<DryRunButton careful={{ ...careful, tryOut }} wanted={wanted} />}
    >
      <FormError error={error} />
      {!error && <p>{doomed?.consequence}</p>}
      {wanted && <DryRunReport report={careful.reportOn(wanted)} />}
    </Confirm>
  );
}
