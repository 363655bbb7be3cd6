import { Button } from '@mantine/core';
import { IconChartLine, IconUnlink } from '@tabler/icons-react';
import { Link, useParams } from 'wouter';
import { For } from '../../kit/Ago.tsx';
import { Empty } from '../../kit/Empty.tsx';
import { EventList } from '../../kit/EventList.tsx';
import { Notice } from '../../kit/Notice.tsx';
import { Page } from '../../kit/Page.tsx';
import { Reasons } from '../../kit/Reasons.tsx';
import { Section } from '../../kit/Section.tsx';
import { StateMark } from '../../kit/StateMark.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import { useLinks, useMembers } from '../../live/live-context.tsx';
import { usePeerEvents } from '../../live/peer-events.ts';
import { LinkFacts } from './LinkFacts.tsx';
import { PeerFacts } from './PeerFacts.tsx';

/** Everything that is known about one peer and the link to it. */
export function LinkDetail() {
  const id = Number(useParams<{ id: string }>().id);
  const member = useMembers().find((candidate) => candidate.id === id);
  const link = useLinks().find((candidate) => candidate.peer === id);
  const { events, isKnown, error } = usePeerEvents(id);
  return (
    <Page
      title={member?.name ? `${member.name} (controller ${id})` : `Controller ${id}`}
      lead={
        link && (
          <>
            <StateMark state={link.state} /> <For since={link.since} />
          </>
        )
      }
      actions={
        <Button
          component={Link}
          href={`/history?peer=${id}`}
          variant="default"
          leftSection={<IconChartLine size={16} />}
        >
          Link history
        </Button>
      }
    >
      {link && link.reasons.length > 0 && (
        <Notice tone={link.state === 'down' ? 'bad' : 'warn'}>
          <Reasons reasons={link.reasons} />
        </Notice>
      )}
      {member && <PeerFacts member={member} />}
      {link ? (
        <LinkFacts link={link} />
      ) : (
        <Section title="Link">
          <Empty
            icon={IconUnlink}
            title="No link from here"
            action={<Link href="/peering">Controller Peering</Link>}
          >
            This controller has no row for controller {id}, or no id of its own yet.
          </Empty>
        </Section>
      )}
      <Section title="Events">
        {events.length > 0 && <EventList events={events.slice(0, 30)} />}
        {!isKnown && <Waiting error={error} />}
        {isKnown && events.length === 0 && 'Nothing has happened to this link so far.'}
      </Section>
    </Page>
  );
}
