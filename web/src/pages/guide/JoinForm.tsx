import { Button, Stack, Textarea, TextInput } from '@mantine/core';
import type { FormEvent } from 'react';
import type { JoinProgress } from '../../../../src/mesh/joiner.ts';
import { messageAt } from '../../api/error.ts';
import { useJoin } from '../../api/join.ts';
import { FormError } from '../../kit/FormError.tsx';
import { Notice } from '../../kit/Notice.tsx';
import { Section } from '../../kit/Section.tsx';
import { readJoinCode } from './join-code.ts';

export interface JoinDraft {
  readonly code: string;
  readonly address: string;
  readonly clients: string;
}

interface JoinFormProps {
  readonly failure: JoinProgress['error'];
  /** Kept by whoever shows the form: the form itself is away while an attempt is under way. */
  readonly draft: JoinDraft;
  readonly onDraft: (draft: JoinDraft) => void;
}

export function JoinForm({ failure, draft, onDraft }: JoinFormProps) {
  const { code, address, clients } = draft;
  const join = useJoin();
  const read = readJoinCode(code);
  const isWrong = code.trim() !== '' && read === null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const host = address.trim();
    const clientHost = clients.trim();
    join.mutate({
      code: code.trim(),
      ...(host && { address: host }),
      ...(clientHost && { client_address: clientHost }),
    });
  };
  return (
    <form onSubmit={submit}>
      <Section
        title="Join code"
        note="Made by any controller of the topology: Set-up Guide, Add a controller."
      >
        <Stack gap="sm">
          {failure && (
            <Notice tone="bad" title="Joining failed">
              {failure.message}
            </Notice>
          )}
          <FormError error={join.error} fields={['code', 'address', 'client_address']} />
          <Textarea
            label="Code"
            placeholder="mwjoin1.…"
            rows={3}
            spellCheck={false}
            value={code}
            error={
              messageAt(join.error, 'code') ??
              (isWrong && 'A join code starts with “mwjoin1.” and is one line')
            }
            onChange={(event) => onDraft({ ...draft, code: event.currentTarget.value })}
          />
          <TextInput
            label="Where other controllers reach this one (optional)"
            description="Empty: the address from which the request arrives there"
            spellCheck={false}
            value={address}
            error={messageAt(join.error, 'address')}
            onChange={(event) => onDraft({ ...draft, address: event.currentTarget.value })}
          />
          <TextInput
            label="Where clients reach this one (optional)"
            description="Clientpacks name it. Empty: the address of this machine"
            spellCheck={false}
            value={clients}
            error={messageAt(join.error, 'client_address')}
            onChange={(event) => onDraft({ ...draft, clients: event.currentTarget.value })}
          />
          {read && (
            <Notice title={`This controller becomes controller ${read.id}`}>
              It asks {read.addresses.join(' or ')} on TCP 8000, takes over licence, keyset, addresses and
              peers, and restarts its API. The others add it by themselves.
            </Notice>
          )}
          <div>
            <Button type="submit" disabled={read === null} loading={join.isPending}>
              Join the topology
            </Button>
          </div>
        </Stack>
      </Section>
    </form>
  );
}
