import { IconListDetails } from '@tabler/icons-react';
import { definePage } from '../page.ts';

export const audit = definePage({
  path: '/audit',
  title: 'Audit log',
  icon: IconListDetails,
  group: 'Admin',
  admin: true,
  load: async () => (await import('./AuditPage.tsx')).AuditPage,
});
