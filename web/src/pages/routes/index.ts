import { IconArrowsSplit2 } from '@tabler/icons-react';
import { definePage } from '../page.ts';

export const routes = definePage({
  path: '/routes',
  title: 'Routes',
  icon: IconArrowsSplit2,
  group: 'Connections',
  load: async () => (await import('./Routes.tsx')).Routes,
});
