import { Switch } from '@mantine/core';
import { useState } from 'react';
import { settingsPath, useChange, useFirewallStatus } from '../../api/firewall.ts';
import { CareSwitch } from '../../firewall/CareSwitch.tsx';
import { confirmOf, useCare } from '../../firewall/care.ts';
import { Confirm } from '../../kit/Confirm.tsx';
import { FormError } from '../../kit/FormError.tsx';
import { Section } from '../../kit/Section.tsx';

/** The base policy's two switches. Sealing may cut off whoever does it, so it says so first. */
export function Sealing() {
  const { data: status } = useFirewallStatus();
  const [care] = useCare();
  const change = useChange();
  const [asking, setAsking] = useState(false);
  if (!status) return null;
  const set = (body: { sealed?: boolean; clients_may_manage?: boolean }) =>
    change.mutate(
      { method: 'PUT', path: settingsPath, body, confirm: confirmOf(care) },
      { onSettled: () => setAsking(false) },
    );
  return (
    <Section title="Who may come in" note="What holds before any rule of yours.">
      <FormError error={change.error} />
      <Switch
        label="Sealed"
        description="The underlay is closed but for tunnels of configured peers. Console and API answer only over the overlay."
        checked={status.sealed}
        disabled={change.isPending}
        onChange={(event) => (event.currentTarget.checked ? setAsking(true) : set({ sealed: false }))}
      />
      <Switch
        label="Overlay clients may manage"
        description="Clients reach console and API over the overlay; they still need a password."
        checked={status.clients_may_manage}
        disabled={change.isPending}
        onChange={(event) => set({ clients_may_manage: event.currentTarget.checked })}
      />
      <Confirm
        opened={asking}
        title="Seal this controller?"
        confirm="Seal"
        busy={change.isPending}
        onCancel={() => setAsking(false)}
        onConfirm={() => set({ sealed: true })}
      >
        <p>
          This page is open at <b>{location.host}</b>. Unless that is an address on the overlay, it stops
          answering at once, and so do API and SSH on the underlay. The control socket on the machine stays.
        </p>
        {!status.clients_may_manage && (
          <p>Overlay clients may not manage now, so only other controllers could reach it.</p>
        )}
        <CareSwitch described />
      </Confirm>
    </Section>
  );
}
