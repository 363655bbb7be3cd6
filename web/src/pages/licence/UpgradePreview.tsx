import type { LicensePreview } from '../../api/license.ts';
import { Cell, DataTable, RowHead } from '../../kit/DataTable.tsx';
import { Mono } from '../../kit/Mono.tsx';
import { Notice } from '../../kit/Notice.tsx';

type Grants = LicensePreview['grants'];

const LINES: readonly (readonly [string, (grants: Grants) => string | number])[] = [
  ['Controllers', (grants) => grants.controllers],
  ['Client addresses', (grants) => grants.clients],
  ['IPsec endpoints', (grants) => grants.ipsec_endpoints],
  ['IPsec subnets', (grants) => grants.ipsec_subnets],
  ['Links to other topologies', (grants) => grants.links],
  ['Capabilities', (grants) => grants.capabilities.join(', ') || 'none'],
  ['Expires', (grants) => grants.expires_at?.slice(0, 10) ?? 'never'],
];

/** Now and then, side by side; what stays the same is left out. */
export function UpgradePreview({ preview }: { preview: LicensePreview }) {
  const { current, grants, added, needs_addresses } = preview;
  const lines = LINES.filter(([, value]) => current && value(current) !== value(grants));
  return (
    <>
      {lines.length === 0 && <Notice>This licence grants the same as the one in force.</Notice>}
      {current && lines.length > 0 && (
        <DataTable caption="What the upgrade changes" columns={['Grant', 'Now', 'After the upgrade']}>
          {lines.map(([name, value]) => (
            <tr key={name}>
              <RowHead>{name}</RowHead>
              <Cell label="Now">{value(current)}</Cell>
              <Cell label="After the upgrade">
                <strong>{value(grants)}</strong>
              </Cell>
            </tr>
          ))}
        </DataTable>
      )}
      {added && added.controllers.length > 0 && (
        <p>
          New controllers:{' '}
          <Mono>{added.controllers.map(({ id, address }) => `${id} at ${address}`).join(', ')}</Mono>
        </p>
      )}
      {added && added.client_count > 0 && (
        <p>
          New client addresses: <Mono>{added.client_ranges.join(', ')}</Mono>
        </p>
      )}
      {needs_addresses && (
        <Notice tone="warn" title="The subnet has no room for it">
          After the upgrade you choose addresses, in a wider subnet. Until then everything stays as it is.
        </Notice>
      )}
    </>
  );
}
