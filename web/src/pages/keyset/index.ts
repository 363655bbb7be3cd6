import { IconKey } from '@tabler/icons-react';
import { definePage } from '../page.ts';

export const keyset = definePage({
  path: '/keyset',
  title: 'Keyset',
  icon: IconKey,
  group: 'Overlay',
  load: async () => (await import('./KeysetPage.tsx')).KeysetPage,
});
