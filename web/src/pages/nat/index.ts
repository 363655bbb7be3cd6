import { IconArrowsExchange } from '@tabler/icons-react';
import { definePage } from '../page.ts';

export const nat = definePage({
  path: '/nat',
  title: 'Address translation',
  icon: IconArrowsExchange,
  group: 'Connections',
  load: async () => (await import('./Nat.tsx')).Nat,
});
