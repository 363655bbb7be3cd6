import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { messageAt } from '../../api/error.ts';
import { useStartKeyset } from '../../api/keyset.ts';
import { FormError } from '../../kit/FormError.tsx';
import { useMesh } from '../../live/live-context.tsx';

export function GenerateForm() {
  const start = useStartKeyset();
  const known = useMesh()?.controller.topology_name ?? '';
  const [token, setToken] = useState('');
  const [name, setName] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const topology = (name ?? known).trim();
    start.mutate({ token, ...(topology && { topology_name: topology }) });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm" maw={520}>
        <FormError error={start.error} fields={['token', 'topology_name']} />
        <TextInput
          label="Topology name"
          description="Shown on every page of every controller"
          value={name ?? known}
          error={messageAt(start.error, 'topology_name')}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          label="Security token"
          description="Choose one and keep it: other controllers need the same one to fetch the keyset"
          autoComplete="new-password"
          value={token}
          error={messageAt(start.error, 'token')}
          onChange={(event) => setToken(event.currentTarget.value)}
        />
        <div>
          <Button type="submit" disabled={token === ''} loading={start.isPending}>
            Generate keyset
          </Button>
        </div>
      </Stack>
    </form>
  );
}
