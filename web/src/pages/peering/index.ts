import { IconTopologyFull } from '@tabler/icons-react';
import { definePage } from '../page.ts';

export const peering = definePage({
  path: '/peering',
  title: 'Controller Peering',
  icon: IconTopologyFull,
  group: 'Overlay',
  load: async () => (await import('./ControllerPeering.tsx')).ControllerPeering,
});
