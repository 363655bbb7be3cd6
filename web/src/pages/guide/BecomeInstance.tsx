import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import { usePeering, useSavePeering } from '../../api/peering.ts';
import { FormError } from '../../kit/FormError.tsx';
import { Mono } from '../../kit/Mono.tsx';
import { Section } from '../../kit/Section.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import { useMembers } from '../../live/live-context.tsx';
import styles from './BecomeInstance.module.css';

/** The id of this controller. The first one is 1: it holds licence and keyset that all others take over. */
export function BecomeInstance({ standard = 1 }: { standard?: number }) {
  const { data: table, error } = usePeering();
  const members = useMembers();
  const save = useSavePeering();
  const [id, setId] = useState(standard);
  if (!table) return <Waiting error={error} />;
  const row = table.rows.find((candidate) => candidate.id === id);
  const asn = members.find((member) => member.id === id)?.asn;
  const peers = table.rows.flatMap(({ id: peer, address, mtu }) =>
    address === null || peer === id ? [] : [{ id: peer, address, ...(mtu !== null && { mtu }) }],
  );
  return (
    <Section title="This instance" note="Each controller has one id for as long as the topology lives.">
      <div className={styles.form}>
        <Select
          label="This controller becomes"
          data={table.rows.map((each) => ({ value: String(each.id), label: `controller ${each.id}` }))}
          value={String(id)}
          allowDeselect={false}
          onChange={(value) => value && setId(Number(value))}
        />
        <p className={styles.effect}>
          It gets the overlay address <Mono>{row?.overlay_ipaddress}</Mono>
          {asn !== undefined && ` and the ASN ${asn}`}.
        </p>
        <FormError error={save.error} />
        <Button
          loading={save.isPending}
          onClick={() => save.mutate({ self: id, peers, revision: table.revision })}
        >
          Become controller {id}
        </Button>
      </div>
    </Section>
  );
}
