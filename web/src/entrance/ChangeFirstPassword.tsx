import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { messageAt } from '../api/error.ts';
import { useChangePassword, useLogout, useSession } from '../api/session.ts';
import { FormError } from '../kit/FormError.tsx';
import { Entrance } from './Entrance.tsx';
import { NewPassword } from './NewPassword.tsx';
import { passwordProblem } from './password-rule.ts';

/** The first credentials were made by a machine or are known to others: nothing else works until they are changed. */
export function ChangeFirstPassword() {
  const change = useChangePassword();
  const logout = useLogout();
  const session = useSession();
  const [username, setUsername] = useState(session.data?.user ?? '');
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState({ password: '', repeated: '' });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ current, password: next.password, username });
  };
  const ready = current !== '' && username !== '' && passwordProblem(next.password, next.repeated) === null;
  return (
    <Entrance title="Choose your own password" lead="The first one is for the first login only.">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <FormError error={change.error} fields={['current', 'password', 'username']} />
          <TextInput
            label="User name"
            autoComplete="username"
            value={username}
            error={messageAt(change.error, 'username')}
            onChange={(event) => setUsername(event.currentTarget.value)}
          />
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            autoFocus
            value={current}
            error={messageAt(change.error, 'current')}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
          <NewPassword
            label="New password"
            value={next.password}
            repeated={next.repeated}
            error={messageAt(change.error, 'password')}
            onChange={(password, repeated) => setNext({ password, repeated })}
          />
          <Button type="submit" disabled={!ready} loading={change.isPending} mt={6}>
            Save and continue
          </Button>
          <Button variant="subtle" color="gray" onClick={() => logout.mutate()}>
            Log out
          </Button>
        </Stack>
      </form>
    </Entrance>
  );
}
