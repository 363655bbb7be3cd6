import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { messageAt } from '../../api/error.ts';
import { useChangePassword, useSession } from '../../api/session.ts';
import { NewPassword } from '../../entrance/NewPassword.tsx';
import { passwordProblem } from '../../entrance/password-rule.ts';
import { FormError } from '../../kit/FormError.tsx';
import { Section } from '../../kit/Section.tsx';

const EMPTY = { current: '', password: '', repeated: '' };

export function ConsoleAccount() {
  const user = useSession().data?.user ?? '';
  const change = useChangePassword();
  const [form, setForm] = useState(EMPTY);
  const [name, setName] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { current, password } = form;
    const username = name?.trim() ?? user;
    change.mutate(
      { current, password, ...(username !== user && { username }) },
      {
        onSuccess: () => {
          setForm(EMPTY);
          setName(null);
          notifications.show({ message: 'The account is changed. All other sessions are logged out.' });
        },
      },
    );
  };
  const ready = form.current !== '' && passwordProblem(form.password, form.repeated) === null;
  return (
    <form onSubmit={submit}>
      <Section title="Account of the console" note="A change logs out every other session.">
        <Stack gap="sm" maw={440}>
          <FormError error={change.error} fields={['current', 'password', 'username']} />
          <TextInput
            label="User name"
            autoComplete="username"
            value={name ?? user}
            error={messageAt(change.error, 'username')}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            value={form.current}
            error={messageAt(change.error, 'current')}
            onChange={(event) => setForm({ ...form, current: event.currentTarget.value })}
          />
          <NewPassword
            label="New password"
            value={form.password}
            repeated={form.repeated}
            error={messageAt(change.error, 'password')}
            onChange={(password, repeated) => setForm({ ...form, password, repeated })}
          />
          <div>
            <Button type="submit" disabled={!ready} loading={change.isPending}>
              Change the account
            </Button>
          </div>
        </Stack>
      </Section>
    </form>
  );
}
