import { NumberInput } from '@mantine/core';
import { useState } from 'react';
import { type ControllerForClients, useLoad } from '../../api/clientpacks.ts';
import styles from './Clientpacks.module.css';
import { MAX_WEIGHT, weightOf } from './weight.ts';

interface WeightFieldProps {
  readonly controller: ControllerForClients;
  readonly onError: (error: Error) => void;
}

/** Shows the stored weight, except while somebody changes it. It is sent when the field is left. */
export function WeightField({ controller: { id, weight }, onError }: WeightFieldProps) {
  const load = useLoad();
  const [draft, setDraft] = useState<number | string | null>(null);
  const send = () => {
    const wanted = draft === null ? null : weightOf(draft);
    if (wanted === null || wanted === weight) setDraft(null);
    else load.mutate({ id, weight: wanted }, { onError, onSettled: () => setDraft(null) });
  };
  return (
    <NumberInput
      className={styles.weight}
      size="xs"
      aria-label={`Weight of controller ${id}`}
      min={0}
      max={MAX_WEIGHT}
      allowDecimal={false}
      allowNegative={false}
      value={draft ?? weight}
      onChange={setDraft}
      onBlur={send}
    />
  );
}
