import { IconUsers } from '@tabler/icons-react';
import { definePage } from '../page.ts';

export const users = definePage({
  path: '/users',
  title: 'Users',
  icon: IconUsers,
  group: 'Admin',
  admin: true,
  load: async () => (await import('./UsersPage.tsx')).UsersPage,
});
