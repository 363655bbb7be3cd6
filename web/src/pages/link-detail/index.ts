import { IconLink } from '@tabler/icons-react';
import { definePage } from '../page.ts';

export const linkDetail = definePage({
  path: '/peers/:id',
  title: 'Link',
  icon: IconLink,
  group: null,
  load: async () => (await import('./LinkDetail.tsx')).LinkDetail,
});
