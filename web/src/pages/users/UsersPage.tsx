import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useUsers } from '../../api/access.ts';
import { Page } from '../../kit/Page.tsx';
import { Section } from '../../kit/Section.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import { NewUser } from './NewUser.tsx';
import { ProviderForm } from './ProviderForm.tsx';
import { RoleMapForm } from './RoleMapForm.tsx';
import { SessionTable } from './SessionTable.tsx';
import { UserTable } from './UserTable.tsx';

export function UsersPage() {
  const { data: users, error } = useUsers();
  const [adding, { open, close }] = useDisclosure(false);
  return (
    <Page
      title="Users"
      lead="Who may use this console and the API: viewers look, operators change the mesh, administrators everything."
      actions={<Button onClick={open}>New user</Button>}
    >
      <Section title="Users" flush>
        {users ? <UserTable users={users} /> : <Waiting error={error} />}
      </Section>
      <SessionTable />
      <ProviderForm />
      <RoleMapForm />
      {adding && <NewUser onClose={close} />}
    </Page>
  );
}
