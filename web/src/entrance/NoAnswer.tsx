import { Loader } from '@mantine/core';
import { ApiError } from '../api/error.ts';
import { Notice } from '../kit/Notice.tsx';
import { Entrance } from './Entrance.tsx';

/** Before the first answer of the controller: nothing for a moment, then what is the matter. */
export function NoAnswer({ error, waiting }: { error: unknown; waiting: boolean }) {
  if (error instanceof ApiError) {
    return (
      <Entrance title="The console cannot start">
        <Notice tone="bad">{error.message}</Notice>
      </Entrance>
    );
  }
  if (!waiting && !error) return null;
  return (
    <Entrance
      title="The controller does not answer"
      lead="It may be restarting, which takes some seconds. It is asked again every second, and this page continues by itself."
    >
      <Loader size="sm" role="status" aria-label="Asking again" />
    </Entrance>
  );
}
