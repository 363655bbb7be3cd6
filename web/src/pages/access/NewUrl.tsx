import { Checkbox, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useNewUrl } from '../../api/access.ts';
import { messageAt } from '../../api/error.ts';
import { Dialog } from '../../kit/Dialog.tsx';
import { DialogForm } from '../../kit/DialogForm.tsx';
import { RoleSelect } from '../../kit/RoleSelect.tsx';
import { ShownOnce } from './ShownOnce.tsx';

const LIVES = [
  { value: '3600', label: 'an hour' },
  { value: '28800', label: '8 hours' },
  { value: '86400', label: 'a day' },
  { value: '259200', label: '3 days' },
];
const EMPTY = { name: '', expires: '3600', role: 'operator', pack: '', once: false };

export function NewUrl({ onClose }: { onClose: () => void }) {
  const add = useNewUrl();
  const [form, setForm] = useState(EMPTY);
  const send = () => {
    const { pack, expires, ...rest } = form;
    const access = pack.trim() === '' ? 'rs' : `cp:${pack.trim().replaceAll('.', '_')}`;
    add.mutate({ ...rest, access, expires: Number(expires) });
  };
  return (
    <Dialog title="New access URL" isHeld={add.isPending || add.isSuccess} onClose={onClose}>
      {add.data ? (
        <ShownOnce what="URL" secret={add.data.url} onClose={onClose} />
      ) : (
        <DialogForm
          error={add.error}
          fields={['name', 'expires', 'role', 'access']}
          submit="Make the URL"
          busy={add.isPending}
          onSubmit={send}
        >
          <TextInput
            label="Name"
            placeholder="Who it is for"
            data-autofocus
            value={form.name}
            error={messageAt(add.error, 'name')}
            onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
          />
          <TextInput
            label="Clientpack (optional)"
            placeholder="100.127.255.193"
            description="Then the visitor may download this one, and see nothing else"
            value={form.pack}
            error={messageAt(add.error, 'access')}
            onChange={(event) => setForm({ ...form, pack: event.currentTarget.value })}
          />
          {form.pack.trim() === '' && (
            <RoleSelect
              label="Role of the visitor"
              value={form.role}
              error={messageAt(add.error, 'role')}
              onChange={(role) => setForm({ ...form, role })}
            />
          )}
          <Select
            label="Life"
            data={LIVES}
            allowDeselect={false}
            value={form.expires}
            error={messageAt(add.error, 'expires')}
            onChange={(expires) => setForm({ ...form, expires: expires ?? '3600' })}
          />
          <Checkbox
            label="Good for one visit"
            checked={form.once}
            onChange={(event) => setForm({ ...form, once: event.currentTarget.checked })}
          />
        </DialogForm>
      )}
    </Dialog>
  );
}
