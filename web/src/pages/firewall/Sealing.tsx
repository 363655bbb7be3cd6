import { useState } from 'react';
import { type Change, settingsPath, useFirewallStatus } from '../../api/firewall.ts';
import { CareSwitch } from '../../firewall/CareSwitch.tsx';
import { useCarefulChange } from '../../firewall/careful-change.ts';
import { DryRunButton } from '../../firewall/DryRunButton.tsx';
import { DryRunReport } from '../../firewall/DryRunReport.tsx';
import { BusySwitch } from '../../kit/BusySwitch.tsx';
import { Confirm } from '../../kit/Confirm.tsx';
import { FormError } from '../../kit/FormError.tsx';
import { Section } from '../../kit/Section.tsx';

/** The base policy's two switches. Sealing may cut off whoever does it, so it says so first. */
export function Sealing() {
  const { data: status } = useFirewallStatus();
  const careful = useCarefulChange();
  const [asking, setAsking] = useState(false);
  if (!status) return null;
  const setting = (body: { sealed?: boolean; clients_may_manage?: boolean }): Change => ({
    method: 'PUT',
    path: settingsPath,
    body,
  });
  const stopAsking = () => {
    careful.reset();
    setAsking(false);
  };
  const seal = setting({ sealed: true });
  return (
    <Section title="Who may come in" note="What holds before any rule of yours.">
      {!asking && <FormError error={careful.error} />}
      <BusySwitch
        label="Sealed"
        description="The underlay is closed but for tunnels of configured peers. Console and API answer only over the overlay."
        checked={status.sealed}
        busy={careful.isSending}
        onSwitch={(on) => (on ? setAsking(true) : careful.send(setting({ sealed: false })))}
      />
      <BusySwitch
        label="Overlay clients may manage"
        description="Clients reach console and API over the overlay; they still need a password."
        checked={status.clients_may_manage}
        busy={careful.isSending}
        onSwitch={(on) => careful.send(setting({ clients_may_manage: on }))}
      />
      <Confirm
        opened={asking}
        title="Seal this controller?"
        confirm="Seal"
        busy={careful.isSending}
        onCancel={stopAsking}
        onConfirm={() => careful.send(seal, stopAsking)}
        otherButton={<DryRunButton careful={careful} wanted={seal} />}
      >
        <FormError error={careful.error} />
        <p>
          This page is open at <b>{location.host}</b>. Unless that is an address on the overlay, it stops
          answering at once, and so do API and SSH on the underlay. The control socket on the machine stays.
        </p>
        {!status.clients_may_manage && (
          <p>Overlay clients may not manage now, so only other controllers could reach it.</p>
        )}
        <CareSwitch described />
        <DryRunReport report={careful.reportOn(seal)} />
      </Confirm>
    </Section>
  );
}
