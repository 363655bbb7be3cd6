import { IconCertificate } from '@tabler/icons-react';
import { definePage } from '../page.ts';

export const certificate = definePage({
  path: '/certificate',
  title: 'HTTPS certificate',
  icon: IconCertificate,
  group: 'Admin',
  admin: true,
  load: async () => (await import('./CertificatePage.tsx')).CertificatePage,
});
