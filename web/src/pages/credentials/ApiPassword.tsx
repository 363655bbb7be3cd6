import { Button, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { messageAt } from '../../api/error.ts';
import { useApiPassword } from '../../api/session.ts';
import { NewPassword } from '../../entrance/NewPassword.tsx';
import { passwordProblem } from '../../entrance/password-rule.ts';
import { Confirm } from '../../kit/Confirm.tsx';
import { FormError } from '../../kit/FormError.tsx';
import { Section } from '../../kit/Section.tsx';

const EMPTY = { password: '', repeated: '' };

export function ApiPassword() {
  const save = useApiPassword();
  const [form, setForm] = useState(EMPTY);
  const [asking, setAsking] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsking(true);
  };
  const confirm = () =>
    save.mutate(form.password, {
      onSuccess: () => {
        setForm(EMPTY);
        notifications.show({ message: 'The API password is changed.' });
      },
      onSettled: () => setAsking(false),
    });
  return (
    <form onSubmit={submit}>
      <Section
        title="API password"
        note="For the user “api”: scripts, the SDK, Terraform and the command line."
      >
        <Stack gap="sm" maw={440}>
          <FormError error={save.error} fields={['password']} />
          <NewPassword
            label="New API password"
            value={form.password}
            repeated={form.repeated}
            error={messageAt(save.error, 'password')}
            onChange={(password, repeated) => setForm({ password, repeated })}
          />
          <div>
            <Button type="submit" disabled={passwordProblem(form.password, form.repeated) !== null}>
              Change the API password
            </Button>
          </div>
        </Stack>
      </Section>
      <Confirm
        opened={asking}
        title="Change the API password?"
        confirm="Change it"
        busy={save.isPending}
        onCancel={() => setAsking(false)}
        onConfirm={confirm}
      >
        Every script and tool that uses the current password is refused from the next request on.
      </Confirm>
    </form>
  );
}
