import { Switch, type SwitchProps } from '@mantine/core';

interface BusySwitchProps extends Omit<SwitchProps, 'onChange'> {
  readonly busy: boolean;
  readonly onSwitch: (on: boolean) => void;
}

/**
 * A switch that acts at once. While it does it takes no further answer, but it is not disabled: the keyboard would be
 * taken from whoever has just used it, and does not come back by itself.
 */
export function BusySwitch({ busy, onSwitch, ...props }: BusySwitchProps) {
  return (
    <Switch
      {...props}
      aria-busy={busy || undefined}
      onChange={({ currentTarget }) => {
        if (!busy) onSwitch(currentTarget.checked);
      }}
    />
  );
}
