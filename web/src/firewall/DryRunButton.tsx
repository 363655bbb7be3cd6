import { Button } from '@mantine/core';
import type { Change } from '../api/firewall.ts';
import type { CarefulChange } from './careful-change.ts';

interface DryRunButtonProps {
  readonly careful: CarefulChange;
  /** Null while there is nothing to try out yet. */
  readonly wanted: Change | null;
  readonly size?: 'xs';
}

/** Stands beside every button that changes the firewall; `DryRunReport` shows the answer. */
export function DryRunButton({ careful, wanted, size }: DryRunButtonProps) {
  return (
    <Button
      variant="default"
      {...(size && { size })}
      disabled={wanted === null}
      loading={careful.isTrying}
      onClick={() => wanted && careful.tryOut(wanted)}
    >
      What would it do?
    </Button>
  );
}
