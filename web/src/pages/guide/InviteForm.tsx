import { Button, Select, Switch, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { messageAt } from '../../api/error.ts';
import { useCreateJoinCode } from '../../api/join.ts';
import { FormError } from '../../kit/FormError.tsx';
import { useMesh } from '../../live/live-context.tsx';
import styles from './InviteForm.module.css';
import { NewCode } from './NewCode.tsx';

const LIFETIMES = [
  { value: '3600', label: '1 hour' },
  { value: '86400', label: '1 day' },
  { value: '604800', label: '7 days' },
];

interface InviteFormProps {
  readonly free: readonly number[];
  readonly taken: readonly number[];
}

export function InviteForm({ free, taken }: InviteFormProps) {
  const create = useCreateJoinCode();
  const own = useMesh()?.controller.private_ipaddress ?? '';
  const [wantsReplace, setReplace] = useState(false);
  // The last free id may be taken while the form is open.
  const replace = wantsReplace || free.length === 0;
  const [picked, setPicked] = useState<number | null>(null);
  const [ttl, setTtl] = useState('3600');
  const [address, setAddress] = useState('');
  const ids = replace ? taken : free;
  const id = picked !== null && ids.includes(picked) ? picked : (ids[0] ?? null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (id === null) return;
    const host = address.trim();
    create.mutate({ id, ttl: Number(ttl), ...(replace && { replace }), ...(host && { address: host }) });
  };
  return (
    <form onSubmit={submit} className={styles.form}>
      <div className={styles.fields}>
        <Select
          label="The new controller becomes"
          data={ids.map((each) => ({ value: String(each), label: `controller ${each}` }))}
          value={id === null ? null : String(id)}
          allowDeselect={false}
          error={messageAt(create.error, 'id')}
          onChange={(value) => setPicked(value === null ? null : Number(value))}
        />
        <Select
          label="The code is good for"
          data={LIFETIMES}
          value={ttl}
          allowDeselect={false}
          error={messageAt(create.error, 'ttl')}
          onChange={(value) => value && setTtl(value)}
        />
        <TextInput
          label="Where it reaches this controller"
          placeholder={own}
          spellCheck={false}
          value={address}
          error={messageAt(create.error, 'address')}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
      </div>
      {taken.length > 0 && (
        <Switch
          label="Replace a dead controller under its id"
          checked={replace}
          disabled={free.length === 0}
          onChange={(event) => setReplace(event.currentTarget.checked)}
        />
      )}
      <FormError error={create.error} fields={['id', 'ttl', 'address']} />
      <Button type="submit" loading={create.isPending} disabled={id === null}>
        Make a join code
      </Button>
      {create.data && <NewCode code={create.data} />}
    </form>
  );
}
