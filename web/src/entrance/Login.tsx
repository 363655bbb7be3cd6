import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useLogin } from '../api/session.ts';
import { FormError } from '../kit/FormError.tsx';
import { Entrance } from './Entrance.tsx';

export function Login() {
  const login = useLogin();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    login.mutate({ username, password });
  };
  return (
    <Entrance title="Log in" lead="With the account of the console, not with the API password.">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <FormError error={login.error} />
          <TextInput
            label="User name"
            autoComplete="username"
            autoFocus
            required
            withAsterisk={false}
            value={username}
            onChange={(event) => setUsername(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Button type="submit" loading={login.isPending} mt={6}>
            Log in
          </Button>
        </Stack>
      </form>
    </Entrance>
  );
}
