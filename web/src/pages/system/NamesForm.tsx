import { Button, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { messageAt } from '../../api/error.ts';
import { type Config, type ConfigChange, useSaveConfig } from '../../api/system.ts';
import { FormError } from '../../kit/FormError.tsx';
import { Section } from '../../kit/Section.tsx';
import { useUnsavedGuard } from '../../shell/navigation-guard.ts';

const INPUTS = [
  { field: 'topology_name', label: 'Topology name', description: 'Shown on every page' },
  { field: 'controller_name', label: 'Controller name', description: 'The name of this one' },
  { field: 'ntp_hosts', label: 'NTP hosts', description: 'Separated by spaces' },
] as const;

export function NamesForm({ config }: { config: Config }) {
  const [edited, setEdited] = useState<ConfigChange>({});
  const save = useSaveConfig();
  const changed = INPUTS.filter(
    ({ field }) => edited[field] !== undefined && edited[field] !== config[field],
  );
  useUnsavedGuard(changed.length > 0);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const change = Object.fromEntries(changed.map(({ field }) => [field, edited[field]]));
    save.mutate(change, {
      onSuccess: () => {
        setEdited({});
        notifications.show({ message: 'Names and NTP hosts are saved.' });
      },
    });
  };
  return (
    <form onSubmit={submit}>
      <Section title="Names and time">
        <Stack gap="sm" maw={560}>
          <FormError error={save.error} fields={INPUTS.map(({ field }) => field)} />
          {INPUTS.map(({ field, ...input }) => (
            <TextInput
              key={field}
              {...input}
              value={edited[field] ?? config[field]}
              error={messageAt(save.error, field)}
              onChange={(event) => setEdited({ ...edited, [field]: event.currentTarget.value })}
            />
          ))}
          <div>
            <Button type="submit" disabled={changed.length === 0} loading={save.isPending}>
              Save
            </Button>
          </div>
        </Stack>
      </Section>
    </form>
  );
}
