import type { ReactNode } from 'react';
import type { WireAddressing } from '../../api/license.ts';
import { count } from '../../format/number.ts';
import { Mono } from '../../kit/Mono.tsx';
import styles from './AddressPlan.module.css';
import { stretches } from './plan.ts';

/** A drawing of the overlay subnet: clients from the bottom, controllers from the top, who has what below it. */
export function AddressPlan({ plan }: { plan: WireAddressing }) {
  return (
    <div className={styles.plan}>
      <div className={styles.ends} aria-hidden="true">
        <span>bottom of {plan.subnet}</span>
        <span>top</span>
      </div>
      <div className={styles.bar} role="img" aria-label={`Addresses of ${plan.subnet}, listed below`}>
        {stretches(plan).map(({ kind, first, size, label }) => (
          <span key={first} data-kind={kind} title={label} style={{ flexGrow: Math.sqrt(size) }} />
        ))}
      </div>
      <dl className={styles.list}>
        <Entry kind="client" name={count(plan.client_count, 'client')}>
          {plan.client_ranges.join(', ') || 'none'}
        </Entry>
        <Entry kind="free" name="free">
          {plan.free.toLocaleString('en-GB')}
        </Entry>
        <Entry kind="vip" name="virtual address">
          {plan.vip}
        </Entry>
        {plan.controllers.map(({ id, address, asn }) => (
          <Entry key={id} kind="controller" name={`controller ${id}`}>
            {address} <span className={styles.asn}>ASN {asn}</span>
          </Entry>
        ))}
      </dl>
    </div>
  );
}

interface EntryProps {
  readonly kind: string;
  readonly name: string;
  readonly children: ReactNode;
}

function Entry({ kind, name, children }: EntryProps) {
  return (
    <div>
      <dt>
        <span className={styles.swatch} data-kind={kind} aria-hidden="true" />
        {name}
      </dt>
      <dd>
        <Mono>{children}</Mono>
      </dd>
    </div>
  );
}
