import type { LicensePreview } from '../../api/license.ts';
import { Facts } from '../../kit/Facts.tsx';
import { Mono } from '../../kit/Mono.tsx';
import { Notice } from '../../kit/Notice.tsx';

/** What a licence text says, before it is taken. */
export function GrantPreview({ preview: { grants, problem } }: { preview: LicensePreview }) {
  return (
    <>
      <Facts
        facts={[
          { name: 'Issued to', value: grants.issued_to },
          { name: 'Controllers', value: grants.controllers },
          { name: 'Clients', value: grants.clients },
          { name: 'Overlay subnet', value: <Mono>{grants.overlay_subnet}</Mono> },
          { name: 'Own addressing', value: grants.custom_addressing ? 'allowed' : 'not allowed' },
          { name: 'Expires', value: grants.expires_at?.slice(0, 10) ?? 'never' },
        ]}
      />
      {problem && (
        <Notice tone="warn" title="Its default addressing does not fit here">
          {problem.message}
        </Notice>
      )}
    </>
  );
}
