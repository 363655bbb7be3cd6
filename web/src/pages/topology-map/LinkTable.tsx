import { Link } from 'wouter';
import { percent, some, UNKNOWN } from '../../format/number.ts';
import { For } from '../../kit/Ago.tsx';
import { Cell, DataTable, RowHead } from '../../kit/DataTable.tsx';
import { Mono } from '../../kit/Mono.tsx';
import { StateMark } from '../../kit/StateMark.tsx';
import { lossNow, pathWords, rttWords } from '../../live/words.ts';
import type { Picture, Spot } from './picture.ts';

const COLUMNS = [
  'Controller',
  'Overlay address',
  'Link from here',
  'RTT',
  'Loss',
  'Path now',
  'Site networks',
];

/** Everything that the map says, for whoever does not see it. */
export function LinkTable({ picture }: { picture: Picture }) {
  return (
    <DataTable caption="Controllers, links and site networks" columns={COLUMNS} cardsBelow={820}>
      {picture.spots.map((spot) => (
        <Row key={spot.id} spot={spot} picture={picture} />
      ))}
    </DataTable>
  );
}

function Row({ spot: { id, member, isSelf, reach }, picture }: { spot: Spot; picture: Picture }) {
  const link = picture.lines.find((line) => line.link?.peer === id)?.link;
  const name = member.name ?? `controller ${id}`;
  return (
    <tr>
      <RowHead>
        {id} · {isSelf ? `${name} (this instance)` : <Link href={`/peers/${id}`}>{name}</Link>}
      </RowHead>
      <Cell label="Overlay address">
        <Mono>{member.overlay_ipaddress}</Mono>
      </Cell>
      <Cell label="Link from here">
        {link ? (
          <>
            <StateMark state={link.state} /> <For since={link.since} />
          </>
        ) : (
          UNKNOWN
        )}
      </Cell>
      <Cell label="RTT">{link ? rttWords(link) : UNKNOWN}</Cell>
      <Cell label="Loss">{link ? percent(lossNow(link.state, link.probe.loss)) : UNKNOWN}</Cell>
      <Cell label="Path now">{reach === 'unknown' ? 'not known' : pathWords(member.path)}</Cell>
      <Cell label="Site networks" text>
        {member.networks.length > 0 ? <Mono>{some(member.networks, 6)}</Mono> : 'none'}
      </Cell>
    </tr>
  );
}
