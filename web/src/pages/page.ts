import type { Icon } from '@tabler/icons-react';
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

/** The menu's headings, in their order. Pages of the first stand above all headings. */
export const GROUPS = ['Home', 'Overlay', 'Connections', 'Maintenance', 'Admin'] as const;
export type Group = (typeof GROUPS)[number];

export interface PageDefinition {
  /** A pattern of the router: `/peers/:id`. */
  readonly path: string;
  readonly title: string;
  readonly icon: Icon;
  /** Null keeps the page out of the menu: it is reached from another one. */
  readonly group: Group | null;
  readonly component: LazyExoticComponent<ComponentType>;
}

interface Definition extends Omit<PageDefinition, 'component'> {
  readonly load: () => Promise<ComponentType>;
}

/** Every page is loaded when it is first opened. */
export function definePage({ load, ...rest }: Definition): PageDefinition {
  return { ...rest, component: lazy(async () => ({ default: await load() })) };
}
