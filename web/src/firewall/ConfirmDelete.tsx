import { ApiError } from '../api/error.ts';
import { useChange } from '../api/firewall.ts';
import { Confirm } from '../kit/Confirm.tsx';
import { FormError } from '../kit/FormError.tsx';
import { confirmOf, useCare } from './care.ts';

interface ConfirmDeleteProps {
  /** Null while nothing is to be deleted. */
  readonly doomed: { readonly name: string; readonly path: string; readonly consequence: string } | null;
  readonly onClose: () => void;
}

/** Asks before something goes that rules may use. When some do, it asks again, and then switches those rules off. */
export function ConfirmDelete({ doomed, onClose }: ConfirmDeleteProps) {
  const [care] = useCare();
  const change = useChange();
  const isInUse = change.error instanceof ApiError && change.error.code === 'STILL_IN_USE';
  const close = () => {
    change.reset();
    onClose();
  };
  const remove = (path: string) =>
    change.mutate({ method: 'DELETE', path, force: isInUse, confirm: confirmOf(care) }, { onSuccess: close });
  return (
    <Confirm
      opened={doomed !== null}
      title={`Delete ${doomed?.name ?? 'it'}?`}
      confirm={isInUse ? 'Delete, and switch those rules off' : 'Delete'}
      busy={change.isPending}
      onCancel={close}
      onConfirm={() => doomed && remove(doomed.path)}
    >
      <FormError error={change.error} />
      {!change.error && <p>{doomed?.consequence}</p>}
    </Confirm>
  );
}
