import { IconStack2 } from '@tabler/icons-react';
import { definePage } from '../page.ts';

export const firewallSets = definePage({
  path: '/firewall/sets',
  title: 'Sets and subtables',
  icon: IconStack2,
  group: 'Connections',
  load: async () => (await import('./FirewallSets.tsx')).FirewallSets,
});
