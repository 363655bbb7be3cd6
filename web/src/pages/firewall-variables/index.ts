import { IconVariable } from '@tabler/icons-react';
import { definePage } from '../page.ts';

export const firewallVariables = definePage({
  path: '/variables',
  title: 'Variables',
  icon: IconVariable,
  group: 'Connections',
  load: async () => (await import('./Variables.tsx')).Variables,
});
