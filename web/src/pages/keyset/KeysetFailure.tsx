import type { KeysetProgress } from '../../api/keyset.ts';
import { Notice } from '../../kit/Notice.tsx';
import { remedyFor } from './remedy.ts';

export function KeysetFailure({ failure }: { failure: NonNullable<KeysetProgress['failure']> }) {
  const remedy = remedyFor(failure.code);
  return (
    <Notice tone="bad" title="The last attempt failed">
      {failure.message} {remedy && <>→ {remedy}</>}
    </Notice>
  );
}
