import { IconStethoscope } from '@tabler/icons-react';
import { definePage } from '../page.ts';

export const doctor = definePage({
  path: '/doctor',
  title: 'Diagnostics',
  icon: IconStethoscope,
  group: 'Maintenance',
  load: async () => (await import('./Doctor.tsx')).Doctor,
});
