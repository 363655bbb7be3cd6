import { Skeleton } from '@mantine/core';
import { Notice } from './Notice.tsx';

interface WaitingProps {
  readonly error: unknown;
  readonly lines?: number;
}

/** In the place of something that is not here yet, or cannot be had. */
export function Waiting({ error, lines = 3 }: WaitingProps) {
  if (error instanceof Error) return <Notice tone="bad">{error.message}</Notice>;
  return (
    <div role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} height={14} mb={10} radius="sm" width={`${90 - index * 14}%`} />
      ))}
    </div>
  );
}
