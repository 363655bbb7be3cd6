import { Button } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { Link, useParams } from 'wouter';
import { type NativePackDetail, usePack } from '../../api/clientpacks.ts';
import { bytes, count, UNKNOWN } from '../../format/number.ts';
import { Ago, For } from '../../kit/Ago.tsx';
import { Facts } from '../../kit/Facts.tsx';
import { Mono } from '../../kit/Mono.tsx';
import { Notice } from '../../kit/Notice.tsx';
import { Page } from '../../kit/Page.tsx';
import { Section } from '../../kit/Section.tsx';
import { StateMark } from '../../kit/StateMark.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import { kindWord, packState, rttWords } from '../clientpacks/pack-words.ts';
import { ClientHistory } from './ClientHistory.tsx';
import { Connect } from './Connect.tsx';
import { PackActions } from './PackActions.tsx';
import { PackFields } from './PackFields.tsx';

/** One client: where it is, how it gets in, what it may do, and where it was. */
export function ClientDetail() {
  const { name } = useParams<{ name: string }>();
  const pack = usePack(name);
  const title = name.replaceAll('_', '.');
  return (
    <Page
      title={title}
      lead={
        pack.data && (
          <>
            <StateMark {...packState(pack.data)} /> <For since={pack.data.client?.since ?? null} />
          </>
        )
      }
      actions={
        <Button
          component={Link}
          href="/clientpacks"
          variant="default"
          leftSection={<IconArrowLeft size={16} />}
        >
          Clientpacks
        </Button>
      }
    >
      {pack.data ? <Detail pack={pack.data} /> : <Waiting error={pack.error} />}
    </Page>
  );
}

function Detail({ pack }: { pack: NativePackDetail }) {
  return (
    <>
      {!pack.ready && (
        <Notice tone="warn">
          Controller {pack.home} makes the credentials of this clientpack as soon as it can be reached.
        </Notice>
      )}
      <Attachment pack={pack} />
      <Connect pack={pack} />
      <PackFields pack={pack} />
      <PackActions pack={pack} />
      <ClientHistory history={pack.history} />
    </>
  );
}

function Attachment({ pack }: { pack: NativePackDetail }) {
  const { client } = pack;
  return (
    <Section title="Client">
      <Facts
        facts={[
          { name: 'Overlay address', value: <Mono>{pack.address}</Mono> },
          ...(pack.address6 ? [{ name: 'IPv6', value: <Mono>{pack.address6}</Mono> }] : []),
          {
            name: 'Attached to',
            value: client ? `controller ${client.holder}, ${kindWord(client.kind)}` : 'nobody',
          },
          { name: 'Comes from', value: client?.underlay ? <Mono>{client.underlay}</Mono> : UNKNOWN },
          { name: 'Last packet', value: client ? <Ago at={client.last_packet_at} /> : UNKNOWN },
          { name: 'Received / sent', value: traffic(client) },
          { name: 'RTT', value: rttWords(client) },
          {
            name: 'Handed out',
            value: pack.checked_out ? (
              <Ago at={pack.checked_out_at} />
            ) : (
              `no; controller ${pack.home} may do it`
            ),
          },
          {
            name: 'Credentials',
            value: pack.generation === 0 ? 'as first made' : `made anew ${count(pack.generation, 'time')}`,
          },
        ]}
      />
    </Section>
  );
}

function traffic(client: NativePackDetail['client']): string {
  if (client === null || client.rx_bytes === null || client.tx_bytes === null) return UNKNOWN;
  return `${bytes(client.rx_bytes)} / ${bytes(client.tx_bytes)}`;
}
