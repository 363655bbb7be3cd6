import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import type { FormEvent } from 'react';
import { messageAt } from '../../api/error.ts';
import { useStartKeyset } from '../../api/keyset.ts';
import { FormError } from '../../kit/FormError.tsx';
import { hostProblem } from '../peering/host-check.ts';

export interface FetchDraft {
  readonly source: string;
  readonly token: string;
}

interface FetchFormProps {
  /** Kept by whoever shows the form: the form itself is away while an attempt is under way. */
  readonly draft: FetchDraft;
  readonly onDraft: (draft: FetchDraft) => void;
}

export function FetchForm({ draft, onDraft }: FetchFormProps) {
  const { source, token } = draft;
  const start = useStartKeyset();
  const problem = hostProblem(source);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (problem === null) start.mutate({ source: source.trim(), token });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm" maw={520}>
        <FormError error={start.error} fields={['source', 'token']} />
        <TextInput
          label="Source"
          description="Address or host name of a controller that has the keyset; TCP 8000 must be open to it"
          spellCheck={false}
          autoComplete="off"
          value={source}
          error={messageAt(start.error, 'source') ?? (source === '' ? null : problem)}
          onChange={(event) => onDraft({ ...draft, source: event.currentTarget.value })}
        />
        <PasswordInput
          label="Security token"
          description="The one the keyset was generated with"
          autoComplete="off"
          value={token}
          error={messageAt(start.error, 'token')}
          onChange={(event) => onDraft({ ...draft, token: event.currentTarget.value })}
        />
        <div>
          <Button type="submit" disabled={token === '' || problem !== null} loading={start.isPending}>
            Fetch keyset
          </Button>
        </div>
      </Stack>
    </form>
  );
}
