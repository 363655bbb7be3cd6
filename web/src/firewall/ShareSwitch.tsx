import type { useChange } from '../api/firewall.ts';
import { BusySwitch } from '../kit/BusySwitch.tsx';

interface ShareSwitchProps {
  readonly name: string;
  readonly path: string;
  readonly shared: boolean;
  readonly change: ReturnType<typeof useChange>;
}

export function ShareSwitch({ name, path, shared, change }: ShareSwitchProps) {
  return (
    <BusySwitch
      size="xs"
      aria-label={`Share ${name} with every controller`}
      checked={shared}
      busy={change.isPending}
      onSwitch={(on) => change.mutate({ method: 'PUT', path, body: { sync_mesh: on } })}
    />
  );
}
