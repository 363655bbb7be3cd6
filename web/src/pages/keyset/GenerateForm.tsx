import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import type { FormEvent } from 'react';
import { messageAt } from '../../api/error.ts';
import { useStartKeyset } from '../../api/keyset.ts';
import { FormError } from '../../kit/FormError.tsx';
import { useMesh } from '../../live/live-context.tsx';

export interface GenerateDraft {
  readonly token: string;
  /** Null as long as nobody typed another name than the known one. */
  readonly name: string | null;
}

interface GenerateFormProps {
  /** Kept by whoever shows the form: the form itself is away while an attempt is under way. */
  readonly draft: GenerateDraft;
  readonly onDraft: (draft: GenerateDraft) => void;
}

export function GenerateForm({ draft, onDraft }: GenerateFormProps) {
  const { token, name } = draft;
  const start = useStartKeyset();
  const known = useMesh()?.controller.topology_name ?? '';
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
          onChange={(event) => onDraft({ ...draft, name: event.currentTarget.value })}
        />
        <PasswordInput
          label="Security token"
          description="Choose one and keep it: other controllers need the same one to fetch the keyset"
          autoComplete="new-password"
          value={token}
          error={messageAt(start.error, 'token')}
          onChange={(event) => onDraft({ ...draft, token: event.currentTarget.value })}
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
