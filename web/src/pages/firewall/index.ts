import { IconWall } from '@tabler/icons-react';
import { definePage } from '../page.ts';

export const firewall = definePage({
  path: '/firewall',
  title: 'Firewall',
  icon: IconWall,
  group: 'Connections',
  load: async () => (await import('./Firewall.tsx')).Firewall,
});
