import { IconTopologyStar3 } from '@tabler/icons-react';
import { definePage } from '../page.ts';

export const topologyMap = definePage({
  path: '/map',
  title: 'Topology Map',
  icon: IconTopologyStar3,
  group: 'Overlay',
  heavy: true,
  load: async () => (await import('./TopologyMap.tsx')).TopologyMap,
});
