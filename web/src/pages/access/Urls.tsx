import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconLink } from '@tabler/icons-react';
import { useDeleteUrl, useExpireUrl, useUrls } from '../../api/access.ts';
import { Empty } from '../../kit/Empty.tsx';
import { Section } from '../../kit/Section.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import { GrantTable } from './GrantTable.tsx';
import { NewUrl } from './NewUrl.tsx';

const opens = (access: string) =>
  access === 'rs' ? 'this console' : `clientpack ${access.slice(3).replaceAll('_', '.')}`;

export function Urls() {
  const { data: urls, error } = useUrls();
  const [adding, { open, close }] = useDisclosure(false);
  const expire = useExpireUrl();
  const remove = useDeleteUrl();
  return (
    <Section
      title="Access URLs"
      note="Whoever has one is let in until it ends. Ending it throws its visitors out."
      flush
      aside={
        <Button size="xs" onClick={open}>
          New access URL
        </Button>
      }
    >
      {!urls && <Waiting error={error} />}
      {urls?.length === 0 && (
        <Empty icon={IconLink} title="No access URLs">
          Let somebody look at this console, or fetch a clientpack, without making a user for it.
        </Empty>
      )}
      {urls && urls.length > 0 && (
        <GrantTable
          caption="Access URLs"
          rows={urls.map((one) => ({
            ...one,
            secret: one.url.replace(/^.*access=/, ''),
            detail: `${opens(one.access)}${one.once ? ', once' : ''}`,
          }))}
          breaks="it lets nobody in any more, and whoever is in with it is thrown out."
          expire={expire}
          remove={remove}
        />
      )}
      {adding && <NewUrl onClose={close} />}
    </Section>
  );
}
