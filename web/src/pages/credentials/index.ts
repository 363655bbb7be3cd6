import { IconLock } from '@tabler/icons-react';
import { definePage } from '../page.ts';

export const credentials = definePage({
  path: '/credentials',
  title: 'Credentials',
  icon: IconLock,
  group: 'Admin',
  load: async () => (await import('./Credentials.tsx')).Credentials,
});
