import { Checkbox, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useNewToken } from '../../api/access.ts';
import { messageAt } from '../../api/error.ts';
import { Dialog } from '../../kit/Dialog.tsx';
import { DialogForm } from '../../kit/DialogForm.tsx';
import { RoleSelect } from '../../kit/RoleSelect.tsx';
import { ShownOnce } from './ShownOnce.tsx';

const LIVES = [
  { value: '3600', label: 'an hour' },
  { value: '86400', label: 'a day' },
  { value: '2592000', label: '30 days' },
  { value: '31536000', label: 'a year' },
];

export function NewToken({ onClose }: { onClose: () => void }) {
  const add = useNewToken();
  const [form, setForm] = useState({ name: '', expires: '3600', role: 'operator', refreshes: false });
  return (
    <Dialog title="New API token" isHeld={add.isPending || add.isSuccess} onClose={onClose}>
      {add.data ? (
        <ShownOnce what="token" secret={add.data.token} onClose={onClose} />
      ) : (
        <DialogForm
          error={add.error}
          fields={['name', 'expires', 'role']}
          submit="Make the token"
          busy={add.isPending}
          onSubmit={() => add.mutate({ ...form, expires: Number(form.expires) })}
        >
          <TextInput
            label="Name"
            placeholder="Terraform"
            data-autofocus
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
          <Select
            label="Life"
            data={LIVES}
            allowDeselect={false}
            value={form.expires}
            error={messageAt(add.error, 'expires')}
            onChange={(expires) => setForm({ ...form, expires: expires ?? '3600' })}
          />
          <Checkbox
            label="Use extends its life"
            checked={form.refreshes}
            onChange={(event) => setForm({ ...form, refreshes: event.currentTarget.checked })}
          />
        </DialogForm>
      )}
    </Dialog>
  );
}
