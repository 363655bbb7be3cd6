import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import type { NativePack } from '../../api/clientpacks.ts';
import { bytes, count, UNKNOWN } from '../../format/number.ts';
import { Ago, For } from '../../kit/Ago.tsx';
import { Cell, DataTable, RowHead } from '../../kit/DataTable.tsx';
import { Mono } from '../../kit/Mono.tsx';
import { StateMark } from '../../kit/StateMark.tsx';
import styles from './Clientpacks.module.css';
import { kindWord, packState, rttWords, tagWords } from './pack-words.ts';

const COLUMNS = ['Client', 'State', 'At controller', 'From', 'Last packet', 'In / out', 'RTT', 'Tags'];
/** A thousand rows at once make a phone stutter; whoever looks for one searches. */
const STEP = 100;

interface PackTableProps {
  readonly packs: readonly NativePack[];
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
}

export function PackTable({ packs, chosen, onChoose }: PackTableProps) {
  const [limit, setLimit] = useState(STEP);
  const toggle = (name: string) => {
    const next = new Set(chosen);
    if (!next.delete(name)) next.add(name);
    onChoose(next);
  };
  const all = packs.every(({ name }) => chosen.has(name));
  return (
    <>
      <div className={styles.more}>
        <Checkbox
          size="xs"
          label={`Select all ${packs.length}`}
          checked={all}
          indeterminate={!all && chosen.size > 0}
          onChange={() => onChoose(all ? new Set() : new Set(packs.map(({ name }) => name)))}
        />
      </div>
      <DataTable caption="Clientpacks" columns={COLUMNS} cardsBelow={950}>
        {packs.slice(0, limit).map((pack) => (
          <PackRow key={pack.name} pack={pack} isChosen={chosen.has(pack.name)} onToggle={toggle} />
        ))}
      </DataTable>
      {packs.length > limit && (
        <div className={styles.more}>
          <Button variant="default" size="xs" onClick={() => setLimit(limit + STEP)}>
            Show more ({count(packs.length - limit, 'more', 'more')})
          </Button>
        </div>
      )}
    </>
  );
}

interface PackRowProps {
  readonly pack: NativePack;
  readonly isChosen: boolean;
  readonly onToggle: (name: string) => void;
}

function PackRow({ pack, isChosen, onToggle }: PackRowProps) {
  const { client } = pack;
  return (
    <tr>
      <RowHead>
        <span className={styles.name}>
          <Checkbox
            size="xs"
            aria-label={`Select ${pack.address}`}
            checked={isChosen}
            onChange={() => onToggle(pack.name)}
          />
          <Link href={`/clientpacks/${pack.name}`}>
            <Mono>{pack.address}</Mono>
          </Link>
        </span>
      </RowHead>
      <Cell label="State">
        <StateMark {...packState(pack)} />
        {client && (
          <div className={styles.below}>
            {kindWord(client.kind)} <For since={client.since} />
          </div>
        )}
      </Cell>
      <Cell label="At controller">{client ? client.holder : UNKNOWN}</Cell>
      <Cell label="From">{client?.underlay ? <Mono>{client.underlay}</Mono> : UNKNOWN}</Cell>
      <Cell label="Last packet">{client ? <Ago at={client.last_packet_at} /> : UNKNOWN}</Cell>
      <Cell label="In / out">
        {client && client.rx_bytes !== null && client.tx_bytes !== null
          ? `${bytes(client.rx_bytes)} / ${bytes(client.tx_bytes)}`
          : UNKNOWN}
      </Cell>
      <Cell label="RTT">{rttWords(client)}</Cell>
      <Cell label="Tags" text>
        <span className={styles.tags}>
          {tagWords(pack.tags).map((tag) => (
            <span key={tag} className={styles.tag}>
              {tag}
            </span>
          ))}
        </span>
      </Cell>
    </tr>
  );
}
