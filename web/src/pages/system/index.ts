import { IconServer2 } from '@tabler/icons-react';
import { definePage } from '../page.ts';

export const system = definePage({
  path: '/system',
  title: 'System',
  icon: IconServer2,
  group: 'Maintenance',
  load: async () => (await import('./SystemPage.tsx')).SystemPage,
});
