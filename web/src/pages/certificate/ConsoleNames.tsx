import { Button, Stack, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { type ConsoleHosts, useConsoleHosts, useSaveConsoleHosts } from '../../api/access.ts';
import { messageAt } from '../../api/error.ts';
import { FormError } from '../../kit/FormError.tsx';
import { Notice } from '../../kit/Notice.tsx';
import { Section } from '../../kit/Section.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import { useUnsavedGuard } from '../../shell/navigation-guard.ts';
import { locksOut, namesText, parseNames } from './names-text.ts';

/** The names under which browsers may use the console, besides addresses. */
export function ConsoleNames() {
  const { data, error } = useConsoleHosts();
  return (
    <Section
      title="Names of the console"
      note="Browsers may use it under an address of this machine, its own name, the names of its certificate, and these."
    >
      {data ? <Names known={data} /> : <Waiting error={error} />}
    </Section>
  );
}

function Names({ known }: { known: ConsoleHosts }) {
  const save = useSaveConsoleHosts();
  const [edited, setEdited] = useState<string | null>(null);
  const names = edited === null ? known.hosts : parseNames(edited);
  const isChanged = namesText(names) !== namesText(known.hosts);
  useUnsavedGuard(isChanged);
  const wouldLockOut = locksOut(window.location.hostname, known, names);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate([...names], {
      onSuccess: () => {
        setEdited(null);
        notifications.show({ message: 'The names of the console are saved.' });
      },
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm" maw={560}>
        <FormError error={save.error} fields={['hosts']} />
        <Textarea
          label="Further names"
          description={`One a line, without a port. Allowed anyway: ${known.built_in.join(', ')}`}
          autosize
          minRows={2}
          maxRows={8}
          spellCheck={false}
          autoComplete="off"
          value={edited ?? namesText(known.hosts)}
          error={messageAt(save.error, 'hosts')}
          onChange={(event) => setEdited(event.currentTarget.value)}
        />
        {wouldLockOut && (
          <Notice tone="warn">
            You are here as {window.location.hostname}. Without that name this page is refused from then on.
          </Notice>
        )}
        <div>
          <Button type="submit" disabled={!isChanged} loading={save.isPending}>
            Save names
          </Button>
        </div>
      </Stack>
    </form>
  );
}
