import { useDisclosure } from '@mantine/hooks';
import type { useChange } from '../api/firewall.ts';
import { BusySwitch } from '../kit/BusySwitch.tsx';
import { Confirm } from '../kit/Confirm.tsx';
import { confirmOf, useCare } from './care.ts';

interface ShareSwitchProps {
  readonly name: string;
  readonly path: string;
  readonly shared: boolean;
  /** What the other controllers lose when it is not shared any more. */
  readonly loss: string;
  readonly change: ReturnType<typeof useChange>;
}

export function ShareSwitch({ name, path, shared, loss, change }: ShareSwitchProps) {
  const [care] = useCare();
  const [isAsking, { open, close }] = useDisclosure(false);
  const share = (on: boolean) =>
    change.mutate(
      { method: 'PUT', path, body: { sync_mesh: on }, confirm: confirmOf(care) },
      { onSettled: close },
    );
  return (
    <>
      <BusySwitch
        size="xs"
        aria-label={`Share ${name} with every controller`}
        checked={shared}
        busy={change.isPending}
        onSwitch={(on) => (on ? share(true) : open())}
      />
      <Confirm
        opened={isAsking}
        title={`Stop sharing ${name}?`}
        confirm="Stop sharing"
        busy={change.isPending}
        onCancel={close}
        onConfirm={() => share(false)}
      >
        {loss} On this controller nothing changes.
      </Confirm>
    </>
  );
}
