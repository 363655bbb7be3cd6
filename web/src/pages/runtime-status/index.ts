import { IconActivityHeartbeat } from '@tabler/icons-react';
import { definePage } from '../page.ts';

export const runtimeStatus = definePage({
  path: '/',
  title: 'Runtime Status',
  icon: IconActivityHeartbeat,
  group: 'Home',
  load: async () => (await import('./RuntimeStatus.tsx')).RuntimeStatus,
});
