import { useFreshness, useMesh } from './live-context.tsx';
import { summary } from './words.ts';

/** How things stand, in one sentence; without a live controller, how they stood. */
export function Standing() {
  const mesh = useMesh();
  const isLive = useFreshness() === 'live';
  if (!mesh) return null;
  return isLive ? summary(mesh) : `Last known: ${summary(mesh)}`;
}
