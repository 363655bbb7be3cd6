import { Button } from '@mantine/core';
import { IconLicense } from '@tabler/icons-react';
import { Link } from 'wouter';
import { useLicense } from '../../api/license.ts';
import { Empty } from '../../kit/Empty.tsx';
import { Notice } from '../../kit/Notice.tsx';
import { Page } from '../../kit/Page.tsx';
import { Section } from '../../kit/Section.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import { AddressingForm } from './AddressingForm.tsx';
import { AddressPlan } from './AddressPlan.tsx';
import { Granted } from './Granted.tsx';
import { Ipv6 } from './Ipv6.tsx';
import { planOf } from './plan.ts';
import { Upgrade } from './Upgrade.tsx';

const LEAD = 'What this topology may hold: controllers, clients and their overlay addresses.';

export function Licence() {
  const { data: license, error, isPending } = useLicense();
  return (
    <Page title="Licence" width="column" lead={LEAD}>
      {isPending && <Waiting error={error} />}
      {license === null && (
        <Section title="Licence">
          <Empty
            icon={IconLicense}
            title="There is no licence yet"
            action={
              <Button component={Link} href="/guide">
                Open the set-up guide
              </Button>
            }
          >
            The guide takes a licence by paste or file, or the free one with one click. Joining a topology
            brings its licence along.
          </Empty>
        </Section>
      )}
      {license && (
        <>
          <Granted license={license} />
          {license.finalized ? (
            <>
              <Section
                title="Addresses"
                note="Accepted with the licence; nobody who has an address loses it."
              >
                <AddressPlan plan={planOf(license)} />
              </Section>
              <Ipv6 isOn={license.ipv6 === true} />
              <Upgrade />
            </>
          ) : (
            <>
              <Notice tone="warn" title="The addressing is not accepted yet">
                The licence is in force once its addresses are.
              </Notice>
              <AddressingForm license={license} />
            </>
          )}
        </>
      )}
    </Page>
  );
}
