import { IconDeviceLaptop } from '@tabler/icons-react';
import { definePage } from '../page.ts';

export const clientDetail = definePage({
  path: '/clientpacks/:name',
  title: 'Clientpack',
  icon: IconDeviceLaptop,
  group: null,
  load: async () => (await import('./ClientDetail.tsx')).ClientDetail,
});
