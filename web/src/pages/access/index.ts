import { IconKey } from '@tabler/icons-react';
import { definePage } from '../page.ts';

export const access = definePage({
  path: '/access',
  title: 'Access',
  icon: IconKey,
  group: 'Admin',
  admin: true,
  load: async () => (await import('./AccessPage.tsx')).AccessPage,
});
