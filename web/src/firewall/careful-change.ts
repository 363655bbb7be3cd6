import { type Change, type DryRun, useChange, useDryRun } from '../api/firewall.ts';
import { confirmOf, useCare } from './care.ts';

export interface CarefulChange {
  /** Makes the change; it undoes itself unless it is kept, if the operator wants that. */
  readonly send: (wanted: Change, onSuccess?: () => void) => void;
  /** Asks what the change would do. */
  readonly tryOut: (wanted: Change) => void;
  /** What the dry run said about exactly this change: the fields may have gone on since. */
  readonly reportOn: (wanted: Change) => DryRun | null;
  readonly reset: () => void;
  readonly error: unknown;
  readonly isSending: boolean;
  readonly isTrying: boolean;
}

/** A change of the firewall and its dry run. Whichever was asked for last is the one that has something to say. */
export function useCarefulChange(): CarefulChange {
  const [care] = useCare();
  const change = useChange();
  const dryRun = useDryRun();
  return {
    send: (wanted, onSuccess) => {
      dryRun.reset();
      change.mutate({ ...wanted, confirm: confirmOf(care) }, { onSuccess: () => onSuccess?.() });
    },
    tryOut: (wanted) => {
      change.reset();
      dryRun.mutate(wanted);
    },
    reportOn: (wanted) => (dryRun.data && isSame(dryRun.variables, wanted) ? dryRun.data : null),
    reset: () => {
      change.reset();
      dryRun.reset();
    },
    error: change.error ?? dryRun.error,
    isSending: change.isPending,
    isTrying: dryRun.isPending,
  };
}

export const isSame = (a: Change | undefined, b: Change): boolean => JSON.stringify(a) === JSON.stringify(b);
