import { NativeSelect, NumberInput, TextInput } from '@mantine/core';
import type { PeeringRow } from '../../api/peering.ts';
import { Mono } from '../../kit/Mono.tsx';
import { type Choice, type FormRow, MTU, type RowProblems } from './form.ts';
import { NameLookup } from './NameLookup.tsx';
import styles from './PeerRowFields.module.css';
import { RowState } from './RowState.tsx';

const CHOICES: { value: Choice; label: string }[] = [
  { value: 'self', label: 'this instance' },
  { value: 'unset', label: 'not set' },
  { value: 'address', label: 'address' },
];

interface PeerRowFieldsProps {
  readonly row: FormRow;
  readonly stored: PeeringRow | undefined;
  readonly problems: RowProblems;
  readonly onChange: (part: Partial<FormRow>) => void;
}

/** One controller's row: what it is, and where it is found. */
export function PeerRowFields({ row, stored, problems, onChange }: PeerRowFieldsProps) {
  const isPeer = row.choice === 'address';
  return (
    <li className={styles.row} data-choice={row.choice} aria-label={`Controller ${row.id}`}>
      <div className={styles.who}>
        <span className={styles.id}>{row.id}</span>
        <Mono>{row.overlayAddress}</Mono>
      </div>
      <NativeSelect
        aria-label={`Controller ${row.id} is`}
        data={CHOICES}
        value={row.choice}
        onChange={(event) => onChange({ choice: event.currentTarget.value as Choice })}
      />
      {isPeer ? (
        <>
          <div>
            <TextInput
              aria-label={`Address of controller ${row.id}`}
              placeholder="IP address or host name"
              spellCheck={false}
              autoComplete="off"
              value={row.address}
              error={problems.address}
              onChange={(event) => onChange({ address: event.currentTarget.value })}
            />
            <NameLookup host={row.address} />
          </div>
          <NumberInput
            aria-label={`MTU towards controller ${row.id}`}
            placeholder={`MTU ${MTU.standard}`}
            prefix="MTU "
            min={MTU.least}
            max={MTU.most}
            step={10}
            clampBehavior="none"
            allowDecimal={false}
            value={row.mtu}
            error={problems.mtu}
            onChange={(mtu) => onChange({ mtu: mtu === '' ? '' : Number(mtu) })}
          />
        </>
      ) : (
        <span className={styles.nothing}>
          {row.choice === 'self' ? 'This controller has this id.' : 'No controller is configured here.'}
        </span>
      )}
      <RowState stored={stored} isPeer={isPeer} />
    </li>
  );
}
