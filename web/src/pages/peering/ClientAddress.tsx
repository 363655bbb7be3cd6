import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useClientAddress, useControllersForClients } from '../../api/clientpacks.ts';
import { messageAt } from '../../api/error.ts';
import { FormError } from '../../kit/FormError.tsx';
import { Section } from '../../kit/Section.tsx';
import styles from './PeeringForm.module.css';

/** Where overlay clients reach this controller: the address that their packs name. */
export function ClientAddress() {
  const controllers = useControllersForClients();
  const save = useClientAddress();
  const [edited, setEdited] = useState<string | null>(null);
  const stored = controllers.data?.find(({ self }) => self)?.client_address ?? '';
  const value = edited ?? stored;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(value.trim(), { onSuccess: () => setEdited(null) });
  };
  return (
    <form onSubmit={submit} aria-label="Client address">
      <Section
        title="Address for clients"
        note="Clientpacks name it. Empty: the address of this machine. Clients that have a file need a new one after a change."
      >
        <FormError error={save.error} fields={['client_address']} />
        <TextInput
          label="Clients reach this controller at"
          placeholder="vpn1.example.net"
          spellCheck={false}
          autoComplete="off"
          value={value}
          error={messageAt(save.error, 'client_address')}
          onChange={(event) => setEdited(event.currentTarget.value)}
        />
        <div className={styles.buttons}>
          <Button
            type="submit"
            variant="default"
            mt={12}
            disabled={edited === null || edited.trim() === stored}
            loading={save.isPending}
          >
            Save address
          </Button>
        </div>
      </Section>
    </form>
  );
}
