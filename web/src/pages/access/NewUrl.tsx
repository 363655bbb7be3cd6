import { Button, Checkbox, Modal, Select, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useNewUrl } from '../../api/access.ts';
import { messageAt } from '../../api/error.ts';
import { CopyText } from '../../kit/CopyText.tsx';
import { FormError } from '../../kit/FormError.tsx';
import { Notice } from '../../kit/Notice.tsx';

const LIVES = [
  { value: '3600', label: 'an hour' },
  { value: '28800', label: '8 hours' },
  { value: '86400', label: 'a day' },
  { value: '259200', label: '3 days' },
];
const EMPTY = { name: '', expires: '3600', role: 'operator', pack: '', once: false };

export function NewUrl({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const add = useNewUrl();
  const [form, setForm] = useState(EMPTY);
  const close = () => {
    setForm(EMPTY);
    add.reset();
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { pack, expires, ...rest } = form;
    const access = pack.trim() === '' ? 'rs' : `cp:${pack.trim().replaceAll('.', '_')}`;
    add.mutate({ ...rest, access, expires: Number(expires) });
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title="New access URL"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {add.data ? (
        <Stack gap="sm">
          <Notice tone="good" title="This is the URL. It is shown only now.">
            <CopyText value={add.data.url} what="URL" short={`${add.data.url.slice(0, 40)}…`} />
          </Notice>
          <Button onClick={close}>Done</Button>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack gap="sm">
            <FormError error={add.error} fields={['name', 'expires', 'role', 'access']} />
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
              <Select
                label="Role of the visitor"
                data={['admin', 'operator', 'viewer']}
                allowDeselect={false}
                value={form.role}
                error={messageAt(add.error, 'role')}
                onChange={(role) => setForm({ ...form, role: role ?? 'viewer' })}
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
            <Button type="submit" loading={add.isPending} mt={6}>
              Make the URL
            </Button>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
