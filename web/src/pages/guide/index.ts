import { IconRoute } from '@tabler/icons-react';
import { definePage } from '../page.ts';

export const guide = definePage({
  path: '/guide',
  title: 'Set-up Guide',
  icon: IconRoute,
  group: 'Home',
  load: async () => (await import('./Guide.tsx')).Guide,
});
