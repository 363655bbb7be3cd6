import { Switch } from '@mantine/core';
import type { useChange } from '../api/firewall.ts';

interface ShareSwitchProps {
  readonly name: string;
  readonly path: string;
  readonly shared: boolean;
  readonly change: ReturnType<typeof useChange>;
}

export function ShareSwitch({ name, path, shared, change }: ShareSwitchProps) {
  return (
    <Switch
      size="xs"
      aria-label={`Share ${name} with every controller`}
      checked={shared}
      disabled={change.isPending}
      onChange={(event) =>
        change.mutate({ method: 'PUT', path, body: { sync_mesh: event.currentTarget.checked } })
      }
    />
  );
}
