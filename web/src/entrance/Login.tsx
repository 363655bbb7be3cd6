import { Anchor, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ApiError, messageAt } from '../api/error.ts';
import { useLogin, useSession } from '../api/session.ts';
import { FormError } from '../kit/FormError.tsx';
import { Notice } from '../kit/Notice.tsx';
import { Entrance } from './Entrance.tsx';
import { loginProblem } from './login-problem.ts';

export function Login() {
  const login = useLogin();
  const hasProvider = useSession().data?.single_sign_on === true;
  const [form, setForm] = useState({ username: '', password: '', code: '' });
  const [needsCode, setNeedsCode] = useState(false);
  const problem = loginProblem(location.search);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { code, ...credentials } = form;
    login.mutate(
      { ...credentials, ...(code !== '' && { code }) },
      {
        onError: (error) => {
          if (error instanceof ApiError && error.code === 'SECOND_FACTOR_NEEDED') setNeedsCode(true);
        },
      },
    );
  };
  const isFirstQuestion = login.error instanceof ApiError && login.error.code === 'SECOND_FACTOR_NEEDED';
  return (
    <Entrance title="Log in" lead="With the account of the console, not with the API password.">
      <form onSubmit={submit}>
        <Stack gap="sm">
          {problem && !login.error && <Notice tone="bad">{problem}</Notice>}
          {!isFirstQuestion && <FormError error={login.error} fields={['code']} />}
          <TextInput
            label="User name"
            autoComplete="username"
            autoFocus
            required
            withAsterisk={false}
            value={form.username}
            onChange={(event) => setForm({ ...form, username: event.currentTarget.value })}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={form.password}
            onChange={(event) => setForm({ ...form, password: event.currentTarget.value })}
          />
          {needsCode && (
            <TextInput
              label="Code"
              description="Of your authenticator app, or a recovery code"
              autoComplete="one-time-code"
              autoFocus
              required
              withAsterisk={false}
              value={form.code}
              error={isFirstQuestion ? null : messageAt(login.error, 'code')}
              onChange={(event) => setForm({ ...form, code: event.currentTarget.value })}
            />
          )}
          <Button type="submit" loading={login.isPending} mt={6}>
            Log in
          </Button>
          {hasProvider && (
            <Anchor href="/api/session/oidc" ta="center">
              Log in with single sign-on
            </Anchor>
          )}
        </Stack>
      </form>
    </Entrance>
  );
}
