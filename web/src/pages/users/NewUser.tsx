import { Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useNewUser } from '../../api/access.ts';
import { messageAt } from '../../api/error.ts';
import { NewPassword } from '../../entrance/NewPassword.tsx';
import { passwordProblem } from '../../entrance/password-rule.ts';
import { Dialog } from '../../kit/Dialog.tsx';
import { DialogForm } from '../../kit/DialogForm.tsx';
import { RoleSelect } from '../../kit/RoleSelect.tsx';

const EMPTY = { name: '', role: 'operator', password: '', must_change: true };

export function NewUser({ onClose }: { onClose: () => void }) {
  const add = useNewUser();
  const [form, setForm] = useState(EMPTY);
  const [repeated, setRepeated] = useState('');
  return (
    <Dialog title="New user" onClose={onClose}>
      <DialogForm
        error={add.error}
        fields={['name', 'role', 'password']}
        submit="Make the user"
        isReady={form.name.trim() !== '' && passwordProblem(form.password, repeated) === null}
        busy={add.isPending}
        onSubmit={() => add.mutate(form, { onSuccess: onClose })}
      >
        <TextInput
          label="User name"
          data-autofocus
          autoComplete="off"
          value={form.name}
          error={messageAt(add.error, 'name')}
          onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
        />
        <RoleSelect
          label="Role"
          value={form.role}
          error={messageAt(add.error, 'role')}
          onChange={(role) => setForm({ ...form, role })}
        />
        <NewPassword
          label="Password"
          value={form.password}
          repeated={repeated}
          error={messageAt(add.error, 'password')}
          onChange={(password, again) => {
            setForm({ ...form, password });
            setRepeated(again);
          }}
        />
        <Checkbox
          label="Chooses a password of his own at the first login"
          checked={form.must_change}
          onChange={(event) => setForm({ ...form, must_change: event.currentTarget.checked })}
        />
      </DialogForm>
    </Dialog>
  );
}
