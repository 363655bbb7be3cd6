import { Button, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { type Group, groupPath, type Rule, useChange, useGroups } from '../../api/firewall.ts';
import { ConfirmDelete } from '../../firewall/ConfirmDelete.tsx';
import { ShareSwitch } from '../../firewall/ShareSwitch.tsx';
import { count, UNKNOWN } from '../../format/number.ts';
import { Cell, DataTable, RowHead } from '../../kit/DataTable.tsx';
import { FormError } from '../../kit/FormError.tsx';
import { IconButton } from '../../kit/IconButton.tsx';
import { Section } from '../../kit/Section.tsx';
import styles from './Line.module.css';

/** Labels to filter and export by. The rules of a shared one stand on every controller. */
export function Groups({ rules }: { rules: readonly Rule[] }) {
  const { data: groups = [] } = useGroups();
  const change = useChange();
  const [name, setName] = useState('');
  const [doomed, setDoomed] = useState<Group | null>(null);
  const add = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ method: 'POST', path: groupPath(), body: { name } }, { onSuccess: () => setName('') });
  };
  const inForce = (ids: readonly string[]) =>
    rules.filter(({ id, disabled }) => ids.includes(id) && !disabled).length;
  return (
    <Section
      title="Groups of rules"
      note="Sharing copies the rules to every controller; variables make them fit each one. Switched off, the others lose them."
      flush
    >
      <div className={styles.error}>
        <FormError error={change.error} />
      </div>
      {groups.length > 0 && (
        <DataTable
          caption="Groups of rules"
          columns={['Group', 'Rules', 'Description', 'Shared']}
          withActions
        >
          {groups.map((group) => (
            <tr key={group.name}>
              <RowHead>{group.name}</RowHead>
              <Cell label="Rules">
                {inForce(group.rules)} of {group.size} in force
              </Cell>
              <Cell label="Description" text>
                {group.description || UNKNOWN}
              </Cell>
              <Cell label="Shared">
                <ShareSwitch
                  name={group.name}
                  path={groupPath(group.name)}
                  shared={group.sync_mesh ?? false}
                  loss={lossOf(group)}
                  change={change}
                />
              </Cell>
              <Cell>
                <IconButton
                  icon={IconTrash}
                  label={`Delete the group ${group.name}; its rules stay here`}
                  danger
                  onClick={() => setDoomed(group)}
                />
              </Cell>
            </tr>
          ))}
        </DataTable>
      )}
      <ConfirmDelete
        doomed={
          doomed && {
            name: `the group ${doomed.name}`,
            path: groupPath(doomed.name),
            consequence: consequenceOf(doomed),
          }
        }
        onClose={() => setDoomed(null)}
      />
      <form className={styles.line} onSubmit={add}>
        <TextInput
          size="xs"
          aria-label="Name of a new group"
          placeholder="Name of a new group"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button
          size="xs"
          variant="light"
          type="submit"
          disabled={name.trim() === ''}
          loading={change.isPending}
        >
          Add group
        </Button>
      </form>
    </Section>
  );
}

const lossOf = ({ size }: Group): string =>
  `Every other controller loses the group and its ${count(size, 'rule')}.`;

const consequenceOf = (group: Group): string =>
  group.sync_mesh ? `${lossOf(group)} On this controller the rules stay.` : 'Its rules stay.';
