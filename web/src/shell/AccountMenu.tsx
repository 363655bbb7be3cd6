import { ActionIcon, Menu } from '@mantine/core';
import { IconLock, IconLogout, IconUser } from '@tabler/icons-react';
import { useLocation } from 'wouter';
import { useLogout, useSession } from '../api/session.ts';
import { leave } from './navigation-guard.ts';

export function AccountMenu() {
  const session = useSession();
  const logout = useLogout();
  const [, navigate] = useLocation();
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label="Account">
          <IconUser size={18} stroke={1.7} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          Logged in as {session.data?.user ?? 'operator'}, {session.data?.role ?? ''}
        </Menu.Label>
        <Menu.Item leftSection={<IconLock size={16} />} onClick={() => navigate('/credentials')}>
          Credentials
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => leave(() => logout.mutate())}>
          Log out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
