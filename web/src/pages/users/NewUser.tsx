import { Button, Checkbox, Modal, Select, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useNewUser } from '../../api/access.ts';
import { messageAt } from '../../api/error.ts';
import { NewPassword } from '../../entrance/NewPassword.tsx';
import { passwordProblem } from '../../entrance/password-rule.ts';
import { FormError } from '../../kit/FormError.tsx';

const EMPTY = { name: '', role: 'operator', password: '', repeated: '', must_change: true };

export function NewUser({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const add = useNewUser();
  const [form, setForm] = useState(EMPTY);
  const close = () => {
    setForm(EMPTY);
    add.reset();
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { repeated: _, ...user } = form;
    add.mutate(user, { onSuccess: close });
  };
  const isReady = form.name.trim() !== '' && passwordProblem(form.password, form.repeated) === null;
  return (
    <Modal opened={opened} onClose={close} title="New user" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <FormError error={add.error} fields={['name', 'role', 'password']} />
          <TextInput
            label="User name"
            data-autofocus
            autoComplete="off"
            value={form.name}
            error={messageAt(add.error, 'name')}
            onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
          />
          <Select
            label="Role"
            data={['admin', 'operator', 'viewer']}
            allowDeselect={false}
            value={form.role}
            error={messageAt(add.error, 'role')}
            onChange={(role) => setForm({ ...form, role: role ?? 'viewer' })}
          />
          <NewPassword
            label="Password"
            value={form.password}
            repeated={form.repeated}
            error={messageAt(add.error, 'password')}
            onChange={(password, repeated) => setForm({ ...form, password, repeated })}
          />
          <Checkbox
            label="Chooses a password of his own at the first login"
            checked={form.must_change}
            onChange={(event) => setForm({ ...form, must_change: event.currentTarget.checked })}
          />
          <Button type="submit" disabled={!isReady} loading={add.isPending} mt={6}>
            Make the user
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
