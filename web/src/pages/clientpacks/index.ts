import { IconDevices } from '@tabler/icons-react';
import { definePage } from '../page.ts';

export const clientpacks = definePage({
  path: '/clientpacks',
  title: 'Clientpacks',
  icon: IconDevices,
  group: 'Overlay',
  load: async () => (await import('./Clientpacks.tsx')).Clientpacks,
});
