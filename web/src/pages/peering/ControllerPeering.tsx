import { Button } from '@mantine/core';
import { IconLicense } from '@tabler/icons-react';
import { Link } from 'wouter';
import { ApiError } from '../../api/error.ts';
import { usePeering } from '../../api/peering.ts';
import { count } from '../../format/number.ts';
import { Empty } from '../../kit/Empty.tsx';
import { Notice } from '../../kit/Notice.tsx';
import { Page } from '../../kit/Page.tsx';
import { Section } from '../../kit/Section.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import { ClientAddress } from './ClientAddress.tsx';
import { PeeringForm } from './PeeringForm.tsx';

export function ControllerPeering() {
  const { data: table, error } = usePeering();
  const isUnlicensed = error instanceof ApiError && error.code === 'NOT_LICENSED';
  return (
    <Page
      title="Controller Peering"
      width="column"
      lead={
        table
          ? `The licence allows ${count(table.licensed, 'controller')}. Each has a row: this instance, another controller's address, or not set.`
          : undefined
      }
    >
      {isUnlicensed && (
        <Section title="Peering">
          <Empty
            icon={IconLicense}
            title="There is no licence yet"
            action={
              <Button component={Link} href="/guide">
                Open the set-up guide
              </Button>
            }
          >
            The licence says how many controllers can peer, and so how many rows there are.
          </Empty>
        </Section>
      )}
      {!table && !isUnlicensed && <Waiting error={error} />}
      {table && (
        <>
          {table.draft && (
            <Notice tone="warn" title="A change waits to be applied">
              Somebody stored a row through the API without applying it. It is shown here as it is stored;
              saving applies everything.
            </Notice>
          )}
          <PeeringForm table={table} />
          {table.self !== null && <ClientAddress />}
          <Notice>
            Firewall rules are kept per controller and are not copied to peers. UDP 1195 to 1203 and TCP 8000
            must be open between all controllers, in both directions.
          </Notice>
        </>
      )}
    </Page>
  );
}
