import { Button } from '@mantine/core';
import { IconTopologyFull } from '@tabler/icons-react';
import { Link } from 'wouter';
import { Empty } from '../../kit/Empty.tsx';
import { Section } from '../../kit/Section.tsx';

/** The end of a join by hand: who the others are was not part of what was fetched. */
export function FillInPeers({ id }: { id: number }) {
  return (
    <Section title="The other controllers">
      <Empty
        icon={IconTopologyFull}
        title={`This is controller ${id}. It does not know the others yet`}
        action={
          <Button component={Link} href="/peering">
            Open Controller Peering
          </Button>
        }
      >
        Their addresses have to be filled in, the source's first. Each of them needs a row for this controller
        as well.
      </Empty>
    </Section>
  );
}
