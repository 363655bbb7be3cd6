import { Button } from '@mantine/core';
import { useState } from 'react';
import type { JoinCodeInfo } from '../../../../src/mesh/join-issuer.ts';
import { useJoinCodes, useRevokeJoinCode } from '../../api/join.ts';
import { duration } from '../../format/time.ts';
import { Confirm } from '../../kit/Confirm.tsx';
import { Cell, DataTable, RowHead } from '../../kit/DataTable.tsx';
import { FormError } from '../../kit/FormError.tsx';
import { useNow } from '../../kit/now.ts';
import { Section } from '../../kit/Section.tsx';

export function OpenCodes() {
  const { data: codes = [], error } = useJoinCodes();
  const revoke = useRevokeJoinCode();
  const [doomed, setDoomed] = useState<JoinCodeInfo | null>(null);
  const now = useNow();
  const trouble = revoke.error ?? error;
  if (codes.length === 0 && !trouble) return null;
  return (
    <Section title="Join codes" note="A second code for the same id makes the first one worthless." flush>
      <FormError error={trouble} />
      {codes.length > 0 && (
        <DataTable caption="Join codes" columns={['For', 'State', 'Good for']} withActions>
          {codes.map((code) => (
            <tr key={code.name}>
              <RowHead>controller {code.id}</RowHead>
              <Cell label="State">{code.redeemed ? 'used' : 'open'}</Cell>
              <Cell label="Good for">{duration(code.expires_at - now)}</Cell>
              <Cell>
                <Button
                  variant="subtle"
                  color="red"
                  size="compact-xs"
                  onClick={() => setDoomed(code)}
                  aria-label={`Revoke the code for controller ${code.id}`}
                >
                  Revoke
                </Button>
              </Cell>
            </tr>
          ))}
        </DataTable>
      )}
      <Confirm
        opened={doomed !== null}
        title="Revoke this join code?"
        confirm="Revoke"
        busy={revoke.isPending}
        onCancel={() => setDoomed(null)}
        onConfirm={() => doomed && revoke.mutate(doomed.name, { onSettled: () => setDoomed(null) })}
      >
        {doomed?.redeemed
          ? `Controller ${doomed.id} has used it. If the answer to it was lost, it cannot ask for it again.`
          : `Whoever has the code can no longer join as controller ${doomed?.id} with it, and needs a new one.`}
      </Confirm>
    </Section>
  );
}
