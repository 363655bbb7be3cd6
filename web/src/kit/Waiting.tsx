import { Skeleton } from '@mantine/core';
import { Notice } from './Notice.tsx';

const WIDTHS = [90, 76, 62, 84, 70, 56];

interface WaitingProps {
  readonly error: unknown;
  readonly lines?: number;
}

/** In the place of something that is not here yet, or cannot be had. */
export function Waiting({ error, lines = 3 }: WaitingProps) {
  if (error instanceof Error) return <Notice tone="bad">{error.message}</Notice>;
  return (
    <div role="status" aria-label="Loading">
      {WIDTHS.slice(0, lines).map((width) => (
        <Skeleton key={width} height={14} mb={10} radius="sm" width={`${width}%`} />
      ))}
    </div>
  );
}
