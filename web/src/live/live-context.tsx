import { createContext, type ReactNode, use, useEffect, useState, useSyncExternalStore } from 'react';
import type { Link, Member, MeshSummary } from '../../../src/observe/mesh-status.ts';
import type { Freshness } from './freshness.ts';
import { type Live, MeshStream } from './mesh-stream.ts';

const Context = createContext<MeshStream | null>(null);

/** Follows the controller for as long as somebody is logged in. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const [stream] = useState(() => new MeshStream());
  useEffect(() => stream.start(), [stream]);
  return <Context value={stream}>{children}</Context>;
}

/** One part of what is live; the component renders again only when that part changes. */
export function useLive<T>(select: (live: Live) => T): T {
  const stream = use(Context);
  if (!stream) throw new Error('useLive needs a LiveProvider');
  return useSyncExternalStore(stream.subscribe, () => select(stream.snapshot()));
}

export const useMesh = (): MeshSummary | null => useLive((live) => live.status);
export const useFreshness = (): Freshness => useLive((live) => live.freshness);

const NO_LINKS: readonly Link[] = [];
const NO_MEMBERS: readonly Member[] = [];
export const useLinks = (): readonly Link[] => useLive((live) => live.status?.links ?? NO_LINKS);
export const useMembers = (): readonly Member[] => useLive((live) => live.status?.members ?? NO_MEMBERS);
