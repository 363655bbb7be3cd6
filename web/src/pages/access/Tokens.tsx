import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey } from '@tabler/icons-react';
import { useDeleteToken, useExpireToken, useTokens } from '../../api/access.ts';
import { Empty } from '../../kit/Empty.tsx';
import { Section } from '../../kit/Section.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import { GrantTable } from './GrantTable.tsx';
import { NewToken } from './NewToken.tsx';

export function Tokens() {
  const { data: tokens, error } = useTokens();
  const [adding, { open, close }] = useDisclosure(false);
  const expire = useExpireToken();
  const remove = useDeleteToken();
  return (
    <Section
      title="API tokens"
      note="For the header api-token. A token never allows more than its maker may."
      flush
      aside={
        <Button size="xs" onClick={open}>
          New token
        </Button>
      }
    >
      {!tokens && <Waiting error={error} />}
      {tokens?.length === 0 && (
        <Empty icon={IconKey} title="No tokens">
          Give each program a token of its own: it can be ended without touching the others.
        </Empty>
      )}
      {tokens && tokens.length > 0 && (
        <GrantTable
          caption="API tokens"
          rows={tokens.map((one) => ({
            ...one,
            secret: one.token,
            detail: one.refreshes ? 'use extends it' : '',
          }))}
          breaks="programs that use it are refused from the next request on."
          expire={expire}
          remove={remove}
        />
      )}
      {adding && <NewToken onClose={close} />}
    </Section>
  );
}
