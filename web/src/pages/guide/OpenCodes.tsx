import { Button } from '@mantine/core';
import { useJoinCodes, useRevokeJoinCode } from '../../api/join.ts';
import { duration } from '../../format/time.ts';
import { Cell, DataTable, RowHead } from '../../kit/DataTable.tsx';
import { useNow } from '../../kit/now.ts';
import { Section } from '../../kit/Section.tsx';

export function OpenCodes() {
  const codes = useJoinCodes().data ?? [];
  const revoke = useRevokeJoinCode();
  const now = useNow();
  if (codes.length === 0) return null;
  return (
    <Section title="Join codes" note="A second code for the same id makes the first one worthless." flush>
      <DataTable caption="Join codes" columns={['For', 'State', 'Good for']} withActions>
        {codes.map(({ name, id, redeemed, expires_at }) => (
          <tr key={name}>
            <RowHead>controller {id}</RowHead>
            <Cell label="State">{redeemed ? 'used' : 'open'}</Cell>
            <Cell label="Good for">{duration(expires_at - now)}</Cell>
            <Cell>
              <Button
                variant="subtle"
                color="red"
                size="compact-xs"
                loading={revoke.isPending && revoke.variables === name}
                onClick={() => revoke.mutate(name)}
                aria-label={`Revoke the code for controller ${id}`}
              >
                Revoke
              </Button>
            </Cell>
          </tr>
        ))}
      </DataTable>
    </Section>
  );
}
