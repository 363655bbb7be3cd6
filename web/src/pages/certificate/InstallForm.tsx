import { Button, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useInstallCertificate } from '../../api/access.ts';
import { messageAt } from '../../api/error.ts';
import { FormError } from '../../kit/FormError.tsx';
import { LinesInput } from '../../kit/LinesInput.tsx';
import { Section } from '../../kit/Section.tsx';

const EMPTY = { cert: '', key: '' };
const FIELDS = [
  {
    field: 'cert',
    label: 'Certificate',
    description: 'PEM; the certificates that lead to its authority follow it',
  },
  { field: 'key', label: 'Private key', description: 'PEM, without a passphrase' },
] as const;

export function InstallForm() {
  const install = useInstallCertificate();
  const [form, setForm] = useState(EMPTY);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    install.mutate(form, {
      onSuccess: () => {
        setForm(EMPTY);
        notifications.show({ message: 'The certificate is in use for new connections.' });
      },
    });
  };
  return (
    <form onSubmit={submit}>
      <Section title="Install another one" note="The API keeps serving while it is exchanged.">
        <Stack gap="sm">
          <FormError error={install.error} fields={['cert', 'key']} />
          {FIELDS.map(({ field, ...input }) => (
            <LinesInput
              key={field}
              {...input}
              minRows={6}
              maxRows={6}
              autoComplete="off"
              value={form[field]}
              error={messageAt(install.error, field)}
              onChange={(event) => setForm({ ...form, [field]: event.currentTarget.value })}
            />
          ))}
          <div>
            <Button type="submit" disabled={form.cert === '' || form.key === ''} loading={install.isPending}>
              Check and install
            </Button>
          </div>
        </Stack>
      </Section>
    </form>
  );
}
