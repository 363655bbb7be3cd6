import type { Icon } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { laterComponent } from './later-component.tsx';

/** The menu's headings, in their order. Pages of the first stand above all headings. */
export const GROUPS = ['Home', 'Overlay', 'Connections', 'Maintenance', 'Admin'] as const;
export type Group = (typeof GROUPS)[number];

interface Definition {
  /** A pattern of the router: `/peers/:id`. */
  readonly path: string;
  readonly title: string;
  readonly icon: Icon;
  /** Null keeps the page out of the menu: it is reached from another one. */
  readonly group: Group | null;
  /** Only administrators find it in the menu; the API refuses others whatever the menu says. */
  readonly admin?: boolean;
  /** It brings a large library along, so it is fetched only when somebody reaches for it. */
  readonly heavy?: boolean;
  /** A page's code is no part of the first load. */
  readonly load: () => Promise<ComponentType>;
}

export interface PageDefinition extends Omit<Definition, 'load'> {
  readonly component: ComponentType;
  /** Fetches the code before it is needed. */
  readonly prepare: () => void;
}

export function definePage({ load, ...rest }: Definition): PageDefinition {
  return { ...rest, ...laterComponent(load) };
}
