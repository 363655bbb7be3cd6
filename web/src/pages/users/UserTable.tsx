import { Button, Group, Switch } from '@mantine/core';
import { useState } from 'react';
import { type UserView, useChangeUser, useDeleteUser, useResetFactor } from '../../api/access.ts';
import { useSession } from '../../api/session.ts';
import { Ago } from '../../kit/Ago.tsx';
import { Confirm } from '../../kit/Confirm.tsx';
import { Cell, DataTable, RowHead } from '../../kit/DataTable.tsx';
import { FormError } from '../../kit/FormError.tsx';
import { RoleSelect } from '../../kit/RoleSelect.tsx';

const COLUMNS = ['Name', 'Role', 'Login', 'Second factor', 'Last login', 'Enabled'];

export function UserTable({ users }: { users: readonly UserView[] }) {
  const own = useSession().data?.user;
  const change = useChangeUser();
  const remove = useDeleteUser();
  const reset = useResetFactor();
  const [unlocked, setUnlocked] = useState<UserView | null>(null);
  const [doomed, setDoomed] = useState<UserView | null>(null);
  return (
    <>
      <FormError error={change.error ?? remove.error ?? reset.error} />
      <DataTable caption="Users" columns={COLUMNS} withActions cardsBelow={760}>
        {users.map((user) => (
          <tr key={user.name}>
            <RowHead>
              {user.name}
              {user.name === own && ' (you)'}
            </RowHead>
            <Cell label="Role">
              <RoleSelect
                size="xs"
                w={120}
                aria-label={`Role of ${user.name}`}
                disabled={user.login !== 'password'}
                value={user.role}
                onChange={(role) => change.mutate({ name: user.name, change: { role } })}
              />
            </Cell>
            <Cell label="Login">{user.login}</Cell>
            <Cell label="Second factor">{user.second_factor ? 'on' : 'off'}</Cell>
            <Cell label="Last login">
              <Ago at={user.last_login_at} />
            </Cell>
            <Cell label="Enabled">
              <Switch
                size="xs"
                aria-label={`Enable ${user.name}`}
                checked={!user.disabled}
                onChange={(event) =>
                  change.mutate({ name: user.name, change: { disabled: !event.currentTarget.checked } })
                }
              />
            </Cell>
            <Cell>
              <Group gap={6} wrap="nowrap" justify="flex-end">
                {user.second_factor && (
                  <Button size="compact-xs" variant="default" onClick={() => setUnlocked(user)}>
                    Reset second factor
                  </Button>
                )}
                <Button size="compact-xs" variant="subtle" color="red" onClick={() => setDoomed(user)}>
                  Delete
                </Button>
              </Group>
            </Cell>
          </tr>
        ))}
      </DataTable>
      <Confirm
        opened={unlocked !== null}
        title="Reset the second factor?"
        confirm="Reset"
        busy={reset.isPending}
        onCancel={() => setUnlocked(null)}
        onConfirm={() => unlocked && reset.mutate(unlocked.name, { onSettled: () => setUnlocked(null) })}
      >
        {unlocked?.name} is logged out at once, and the app and the recovery codes are worthless. The password
        alone then lets somebody in, until a second factor is set up again.
      </Confirm>
      <Confirm
        opened={doomed !== null}
        title={`Delete ${doomed?.name}?`}
        confirm="Delete"
        busy={remove.isPending}
        onCancel={() => setDoomed(null)}
        onConfirm={() => doomed && remove.mutate(doomed.name, { onSettled: () => setDoomed(null) })}
      >
        The user is logged out at once. Tokens and access URLs that the user made end as well.
      </Confirm>
    </>
  );
}
