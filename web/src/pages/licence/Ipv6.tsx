import { useState } from 'react';
import { useAcceptParameters } from '../../api/license.ts';
import { BusySwitch } from '../../kit/BusySwitch.tsx';
import { Confirm } from '../../kit/Confirm.tsx';
import { FormError } from '../../kit/FormError.tsx';
import { Section } from '../../kit/Section.tsx';

/** IPv6 inside of the overlay, switched in operation. Sessions start anew, so it says so first. */
export function Ipv6({ isOn }: { isOn: boolean }) {
  const change = useAcceptParameters();
  const [asking, setAsking] = useState(false);
  const stopAsking = () => {
    change.reset();
    setAsking(false);
  };
  return (
    <Section title="IPv6 in the overlay" note="A prefix of the topology's own, and one address a client.">
      <BusySwitch
        label="IPv6"
        description="Every controller is switched by itself. Until all are, topology checksums differ."
        checked={isOn}
        busy={change.isPending}
        onSwitch={() => setAsking(true)}
      />
      <Confirm
        opened={asking}
        title={isOn ? 'Switch IPv6 off?' : 'Switch IPv6 on?'}
        confirm={isOn ? 'Switch off' : 'Switch on'}
        busy={change.isPending}
        onCancel={stopAsking}
        onConfirm={() => change.mutate({ ipv6: !isOn }, { onSuccess: stopAsking })}
      >
        <FormError error={change.error} />
        <p>
          Sessions between this controller and the others start anew: for about a second nothing passes
          through it. Its OpenVPN clients connect again; WireGuard and HA packs have to be downloaded again.
        </p>
        <p>Then do the same at each of the other controllers.</p>
      </Confirm>
    </Section>
  );
}
