import { ActionIcon, Button, Group, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { type RoleMap, useRoleMap, useSaveRoleMap } from '../../api/access.ts';
import { messageAt } from '../../api/error.ts';
import { FormError } from '../../kit/FormError.tsx';
import { RoleSelect } from '../../kit/RoleSelect.tsx';
import { Section } from '../../kit/Section.tsx';
import { Waiting } from '../../kit/Waiting.tsx';

export function RoleMapForm() {
  const { data, error } = useRoleMap();
  return (
    <Section
      title="Groups and roles"
      note="What groups of the provider are here. Whoever is in none of them is not let in."
    >
      {data ? <Form key={JSON.stringify(data)} map={data} /> : <Waiting error={error} />}
    </Section>
  );
}

function Form({ map }: { map: RoleMap }) {
  const save = useSaveRoleMap();
  const [claim, setClaim] = useState(map.claim);
  const [rows, setRows] = useState(map.groups.map((one, at) => ({ ...one, at })));
  const change = (at: number, part: object) =>
    setRows(rows.map((row) => (row.at === at ? { ...row, ...part } : row)));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const groups = rows.map(({ group, role }) => ({ group, role }));
    save.mutate(
      { claim, groups },
      { onSuccess: () => notifications.show({ message: 'The roles are saved.' }) },
    );
  };
  const shown = ['claim', ...rows.flatMap((_, index) => [`groups[${index}].group`, `groups[${index}].role`])];
  return (
    <form onSubmit={submit}>
      <Stack gap="sm" maw={520}>
        <FormError error={save.error} fields={shown} />
        <TextInput
          label="Claim with the groups"
          value={claim}
          error={messageAt(save.error, 'claim')}
          onChange={(event) => setClaim(event.currentTarget.value)}
        />
        {rows.map((row, index) => (
          <Group key={row.at} gap="xs" wrap="nowrap" align="flex-start">
            <TextInput
              aria-label={`Group ${index + 1}`}
              placeholder="Group"
              flex={1}
              value={row.group}
              error={messageAt(save.error, `groups[${index}].group`)}
              onChange={(event) => change(row.at, { group: event.currentTarget.value })}
            />
            <RoleSelect
              aria-label={`Role of group ${index + 1}`}
              w={130}
              value={row.role}
              error={messageAt(save.error, `groups[${index}].role`)}
              onChange={(role) => change(row.at, { role })}
            />
            <ActionIcon
              variant="subtle"
              color="red"
              mt={4}
              aria-label={`Remove group ${index + 1}`}
              onClick={() => setRows(rows.filter(({ at }) => at !== row.at))}
            >
              <IconTrash size={16} stroke={1.7} />
            </ActionIcon>
          </Group>
        ))}
        <Group>
          <Button
            variant="default"
            leftSection={<IconPlus size={16} />}
            onClick={() => setRows([...rows, { group: '', role: 'viewer', at: Date.now() }])}
          >
            Add a group
          </Button>
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
