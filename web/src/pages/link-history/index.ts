import { IconChartLine } from '@tabler/icons-react';
import { definePage } from '../page.ts';

export const linkHistory = definePage({
  path: '/history',
  title: 'Link History',
  icon: IconChartLine,
  group: 'Connections',
  heavy: true,
  load: async () => (await import('./LinkHistory.tsx')).LinkHistory,
});
