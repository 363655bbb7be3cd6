import { Confirm } from '../kit/Confirm.tsx';
import { answerLeave, useLeaving } from './navigation-guard.ts';

export function LeaveDialog() {
  return (
    <Confirm
      opened={useLeaving()}
      title="Leave without saving?"
      confirm="Discard changes"
      cancel="Stay here"
      onConfirm={() => answerLeave(true)}
      onCancel={() => answerLeave(false)}
    >
      The changes on this page were not saved. Leaving discards them; the mesh keeps running as it is.
    </Confirm>
  );
}
