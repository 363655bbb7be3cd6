import { Button, Checkbox, Radio, Stack } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { messageAt } from '../../api/error.ts';
import { useAcceptParameters, usePreviewParameters, type WireLicense } from '../../api/license.ts';
import { FormError } from '../../kit/FormError.tsx';
import { Section } from '../../kit/Section.tsx';
import { AddressingFields } from './AddressingFields.tsx';
import styles from './AddressingForm.module.css';
import { AddressPlan } from './AddressPlan.tsx';
import { type CustomAddressing, FIELDS, NO_ADDRESSING, parametersOf } from './parameters.ts';

/** Who gets which overlay address: the licence's proposal or the operator's own, drawn before it is accepted. */
export function AddressingForm({ license }: { license: WireLicense }) {
  const [custom, setCustom] = useState<CustomAddressing | null>(null);
  const hadIpv6 = license.ipv6 === true;
  const [ipv6, setIpv6] = useState(hadIpv6);
  const [asked] = useDebouncedValue(custom, 250);
  const preview = usePreviewParameters(parametersOf(asked));
  const accept = useAcceptParameters();
  const isCurrent = asked === custom && !preview.isFetching;
  const error = accept.error ?? preview.error;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    accept.mutate(parametersOf(custom, ipv6 === hadIpv6 ? undefined : ipv6));
  };
  return (
    <form onSubmit={submit}>
      <Section
        title="Addressing"
        note="It is chosen once: addresses can be added later, but none can be moved."
      >
        <Stack gap="md">
          <Radio.Group
            aria-label="Addressing"
            value={custom ? 'custom' : 'default'}
            onChange={(value) => setCustom(value === 'custom' ? NO_ADDRESSING : null)}
          >
            <Stack gap={8}>
              <Radio
                value="default"
                label={`Default: ${license.topology.overlay_subnet}, as the licence proposes`}
              />
              <Radio
                value="custom"
                disabled={!license.custom_addressing}
                label="Custom: a subnet of your own"
                description={license.custom_addressing ? undefined : 'This licence does not allow it'}
              />
            </Stack>
          </Radio.Group>
          {custom && (
            <AddressingFields
              value={custom}
              errorAt={(field) => messageAt(error, field)}
              onChange={(part) => setCustom({ ...custom, ...part })}
            />
          )}
          <Checkbox
            checked={ipv6}
            onChange={(event) => setIpv6(event.currentTarget.checked)}
            label="IPv6 inside of the overlay as well"
            description="A prefix of the topology's own, and one address a client. Can be switched at any time"
          />
          <FormError error={error} fields={custom ? FIELDS : []} />
          {preview.data && !preview.error && (
            <div className={styles.drawing} data-stale={!isCurrent || undefined}>
              <AddressPlan plan={preview.data} />
            </div>
          )}
          <div className={styles.foot}>
            <span>Accepting restarts the API; it is away for about five seconds.</span>
            <Button
              type="submit"
              disabled={!isCurrent || preview.error !== null || !preview.data}
              loading={accept.isPending || accept.isSuccess}
            >
              Accept addressing
            </Button>
          </div>
        </Stack>
      </Section>
    </form>
  );
}
