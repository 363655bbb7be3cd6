import { Checkbox } from '@mantine/core';
import { CONFIRM_SECONDS, useCare } from './care.ts';

/** Stands beside whatever changes the firewall. */
export function CareSwitch({ described = false }: { described?: boolean }) {
  const [care, setCare] = useCare();
  return (
    <Checkbox
      label={`Undo a change after ${CONFIRM_SECONDS} s unless I keep it`}
      description={described ? 'So that nobody locks himself out' : undefined}
      checked={care}
      onChange={(event) => setCare(event.currentTarget.checked)}
    />
  );
}
