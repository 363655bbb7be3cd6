import { Button, Group, PasswordInput, Stack, Switch, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { type ProviderSettings, useProvider, useSaveProvider } from '../../api/access.ts';
import { messageAt } from '../../api/error.ts';
import { FormError } from '../../kit/FormError.tsx';
import { Section } from '../../kit/Section.tsx';
import { Waiting } from '../../kit/Waiting.tsx';

const FIELDS = [
  {
    field: 'issuer',
    label: 'Issuer',
    placeholder: 'https://login.example.org',
    description: 'Its endpoints are found by discovery',
  },
  { field: 'identifier', label: 'Client id', placeholder: 'meshwright', description: undefined },
  {
    field: 'redirect_hostname',
    label: 'Host name of this controller (optional)',
    placeholder: 'c1.example.org',
    description: 'The provider sends people back to it. The name they came by, if none is given',
  },
] as const;

export function ProviderForm() {
  const { data, error } = useProvider();
  return (
    <Section
      title="Single sign-on"
      note="Login through an OpenID Connect provider. Users with a password here can log in all the same."
    >
      {data ? <Form key={JSON.stringify(data)} settings={data} /> : <Waiting error={error} />}
    </Section>
  );
}

function Form({ settings }: { settings: ProviderSettings }) {
  const save = useSaveProvider();
  const isOidc = settings.provider === 'oidc';
  const [form, setForm] = useState({
    enabled: settings.enabled,
    issuer: (isOidc && settings.issuer) || '',
    identifier: (isOidc && settings.identifier) || '',
    secret: (isOidc && settings.secret) || '',
    redirect_hostname: (isOidc && settings.redirect_hostname) || '',
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const done = () => notifications.show({ message: 'The settings of single sign-on are saved.' });
    save.mutate({ provider: 'oidc', ...form }, { onSuccess: done });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm" maw={440}>
        <FormError error={save.error} fields={[...FIELDS.map(({ field }) => field), 'secret']} />
        <Switch
          label="Offer it at the login"
          checked={form.enabled}
          onChange={(event) => setForm({ ...form, enabled: event.currentTarget.checked })}
        />
        {FIELDS.map(({ field, ...input }) => (
          <TextInput
            key={field}
            {...input}
            autoComplete="off"
            value={form[field]}
            error={messageAt(save.error, field)}
            onChange={(event) => setForm({ ...form, [field]: event.currentTarget.value })}
          />
        ))}
        <PasswordInput
          label="Client secret"
          description="Asterisks keep the one that is stored"
          autoComplete="off"
          value={form.secret}
          error={messageAt(save.error, 'secret')}
          onChange={(event) => setForm({ ...form, secret: event.currentTarget.value })}
        />
        <Group>
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
