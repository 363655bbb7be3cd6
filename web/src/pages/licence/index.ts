import { IconLicense } from '@tabler/icons-react';
import { definePage } from '../page.ts';

export const licence = definePage({
  path: '/licence',
  title: 'Licence',
  icon: IconLicense,
  group: 'Overlay',
  load: async () => (await import('./Licence.tsx')).Licence,
});
