/** The controller sends something at least every three seconds; two of those missing is no accident any more. */
export const SILENCE_MS = 7000;

export type Freshness = 'connecting' | 'live' | 'lost' | 'restarting';

export interface Hearing {
  /** When the last byte came; null before the first. */
  readonly heardAt: number | null;
  /** Whether the connection ended and none has taken its place. */
  readonly broken: boolean;
  /** Until when the controller said it would be away. */
  readonly backAt: number | null;
}

/** Beyond the announced time by this much, a restart is a loss. */
const PATIENCE_MS = 5000;

/** Whether what the page shows is the present. Only `live` may look healthy. */
export function freshness({ heardAt, broken, backAt }: Hearing, now: number): Freshness {
  const silent = broken || (heardAt !== null && now - heardAt > SILENCE_MS);
  if (backAt !== null && now < backAt + PATIENCE_MS && (silent || now < backAt)) return 'restarting';
  if (silent) return 'lost';
  return heardAt === null ? 'connecting' : 'live';
}
