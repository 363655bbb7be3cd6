import { Button } from '@mantine/core';
import { IconTopologyRing2 } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { MeshSummary } from '../../../../src/observe/mesh-status.ts';
import { count } from '../../format/number.ts';
import { DataTable } from '../../kit/DataTable.tsx';
import { Empty } from '../../kit/Empty.tsx';
import { Section } from '../../kit/Section.tsx';
import { PeerRows } from './PeerRows.tsx';
import styles from './PeersAndClients.module.css';

const COLUMNS = [
  'Peer',
  'Link',
  'RTT',
  'Loss',
  'Last packet',
  'MTU',
  'Routes in / out',
  'Checksum',
  'Path now',
];

export function PeersAndClients({ mesh }: { mesh: MeshSummary }) {
  const { controller, members, links } = mesh;
  const peers = members.filter((member) => member.known && member.id !== controller.id);
  const spare = controller.licensed_controllers - peers.length - (controller.id === null ? 0 : 1);
  return (
    <Section
      title="Peers and Clients"
      flush
      aside={spare > 0 && controller.id !== null && <span>room for {count(spare, 'more controller')}</span>}
    >
      {peers.length === 0 ? (
        <NoPeers id={controller.id} />
      ) : (
        <DataTable caption="Peers" columns={COLUMNS} cardsBelow={880}>
          {peers.map((member) => (
            <PeerRows key={member.id} member={member} link={links.find((link) => link.peer === member.id)} />
          ))}
        </DataTable>
      )}
      <p className={styles.clients}>
        {controller.licensed ? (
          <Link href="/clientpacks">{clientWords(mesh)}</Link>
        ) : (
          'Clients can attach once there is a licence and a keyset.'
        )}
      </p>
    </Section>
  );
}

/** `7 of 100 clients are connected: 3 here, 4 at 2`. */
function clientWords({ controller, members }: MeshSummary): string {
  const total = members.reduce((sum, { clients }) => sum + clients, 0);
  if (total === 0)
    return `No clients are connected. The licence has addresses for ${count(controller.licensed_clients, 'client')}.`;
  const places = members
    .filter(({ clients }) => clients > 0)
    .map(
      ({ id, name, clients }) =>
        `${clients} ${id === controller.id ? 'here' : `at ${name ?? `controller ${id}`}`}`,
    );
  return `${total} of ${count(controller.licensed_clients, 'client')} connected: ${places.join(', ')}.`;
}

function NoPeers({ id }: { id: number | null }) {
  return (
    <Empty
      icon={IconTopologyRing2}
      title="No peers yet"
      action={
        <Button component={Link} href={id === null ? '/guide' : '/guide#invite'} variant="light">
          {id === null ? 'Open the set-up guide' : 'Add a controller'}
        </Button>
      }
    >
      {id === null
        ? 'A controller has peers once it has a licence, a keyset and an id.'
        : 'A mesh begins with the second controller. A join code brings it in with one step.'}
    </Empty>
  );
}
