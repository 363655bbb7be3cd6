import { Button, Checkbox, Modal, Select, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useNewToken } from '../../api/access.ts';
import { messageAt } from '../../api/error.ts';
import { CopyText } from '../../kit/CopyText.tsx';
import { FormError } from '../../kit/FormError.tsx';
import { Notice } from '../../kit/Notice.tsx';

const LIVES = [
  { value: '3600', label: 'an hour' },
  { value: '86400', label: 'a day' },
  { value: '2592000', label: '30 days' },
  { value: '31536000', label: 'a year' },
];
const EMPTY = { name: '', expires: '3600', role: 'operator', refreshes: false };

export function NewToken({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const add = useNewToken();
  const [form, setForm] = useState(EMPTY);
  const close = () => {
    setForm(EMPTY);
    add.reset();
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ ...form, expires: Number(form.expires) });
  };
  return (
    <Modal opened={opened} onClose={close} title="New API token" closeButtonProps={{ 'aria-label': 'Close' }}>
      {add.data ? (
        <Stack gap="sm">
          <Notice tone="good" title="This is the token. It is shown only now.">
            <CopyText value={add.data.token} what="token" short={`${add.data.token.slice(0, 24)}…`} />
          </Notice>
          <Button onClick={close}>Done</Button>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack gap="sm">
            <FormError error={add.error} fields={['name', 'expires', 'role']} />
            <TextInput
              label="Name"
              placeholder="Terraform"
              data-autofocus
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
            <Button type="submit" loading={add.isPending} mt={6}>
              Make the token
            </Button>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
