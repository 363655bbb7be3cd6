import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { messageAt } from '../api/error.ts';
import { useSetup } from '../api/session.ts';
import { FormError } from '../kit/FormError.tsx';
import { Entrance } from './Entrance.tsx';
import { NewPassword } from './NewPassword.tsx';
import { passwordProblem } from './password-rule.ts';

const EMPTY = { code: '', username: 'admin', password: '', repeated: '', apiPassword: '' };
const FIELDS = ['code', 'username', 'password', 'api_password'];

/** The first start: open only to whoever can read the code on the machine, and closed for ever once used. */
export function SetUp() {
  const setup = useSetup();
  const [form, setForm] = useState(EMPTY);
  const put = (change: Partial<typeof EMPTY>) => setForm((before) => ({ ...before, ...change }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { code, username, password, apiPassword } = form;
    setup.mutate({
      code: code.trim(),
      username,
      password,
      ...(apiPassword && { api_password: apiPassword }),
    });
  };
  const ready = form.code.trim() !== '' && passwordProblem(form.password, form.repeated) === null;
  return (
    <Entrance
      title="Set up this controller"
      lead="Make the account of this console. The one-time code was printed on the machine when the controller first started."
    >
      <form onSubmit={submit}>
        <Stack gap="sm">
          <FormError error={setup.error} fields={FIELDS} />
          <TextInput
            label="One-time code"
            description="To see it again: meshwright credentials, on the machine itself"
            autoComplete="one-time-code"
            autoFocus
            value={form.code}
            error={messageAt(setup.error, 'code')}
            onChange={(event) => put({ code: event.currentTarget.value })}
          />
          <TextInput
            label="User name"
            autoComplete="username"
            value={form.username}
            error={messageAt(setup.error, 'username')}
            onChange={(event) => put({ username: event.currentTarget.value })}
          />
          <NewPassword
            label="Password"
            value={form.password}
            repeated={form.repeated}
            error={messageAt(setup.error, 'password')}
            onChange={(password, repeated) => put({ password, repeated })}
          />
          <PasswordInput
            label="API password (optional)"
            description="For the user “api” of scripts and tools. Left empty, the generated one stays."
            autoComplete="new-password"
            value={form.apiPassword}
            error={messageAt(setup.error, 'api_password')}
            onChange={(event) => put({ apiPassword: event.currentTarget.value })}
          />
          <Button type="submit" disabled={!ready} loading={setup.isPending} mt={6}>
            Create account
          </Button>
        </Stack>
      </form>
    </Entrance>
  );
}
