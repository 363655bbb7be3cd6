import { millis, percent, UNKNOWN } from '../../format/number.ts';
import { Ago, For } from '../../kit/Ago.tsx';
import { Cell, DataTable, RowHead } from '../../kit/DataTable.tsx';
import { StateMark } from '../../kit/StateMark.tsx';
import { lossNow, rttNow } from '../../live/words.ts';
import type { Line, Picture } from './picture.ts';

const COLUMNS = ['Between', 'State', 'RTT', 'Loss', 'Told'];

/** The links that this controller has no end of, as their own ends tell them. */
export function FarLinkTable({ picture: { lines, spots } }: { picture: Picture }) {
  const nameOf = (id: number) => spots.find((spot) => spot.id === id)?.member.name ?? `controller ${id}`;
  return (
    <DataTable caption="Links between other controllers" columns={COLUMNS}>
      {lines.filter(isBetweenOthers(spots)).map(({ from, to, state, far }) => (
        <tr key={`${from}-${to}`}>
          <RowHead>
            {from} · {nameOf(from)} and {to} · {nameOf(to)}
          </RowHead>
          <Cell label="State">
            <StateMark state={state} word={far ? undefined : 'not known'} />{' '}
            <For since={far?.since ?? null} />
          </Cell>
          <Cell label="RTT">{millis(rttNow(state, far?.rtt_ms ?? null))}</Cell>
          <Cell label="Loss">{percent(lossNow(state, far?.loss ?? null))}</Cell>
          <Cell label="Told">{far ? <Ago at={far.heard_at} /> : UNKNOWN}</Cell>
        </tr>
      ))}
    </DataTable>
  );
}

export function isBetweenOthers(spots: Picture['spots']): (line: Line) => boolean {
  const self = spots.find((spot) => spot.isSelf)?.id;
  return ({ from, to }) => from !== self && to !== self;
}
