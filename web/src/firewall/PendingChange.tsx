import { Button, Group } from '@mantine/core';
import { useFirewallStatus, useSettle } from '../api/firewall.ts';
import { FormError } from '../kit/FormError.tsx';
import { Notice } from '../kit/Notice.tsx';
import { useNow } from '../kit/now.ts';

/** A change that undoes itself: how long it has left, and the two ways to end the wait. */
export function PendingChange() {
  const { data: status } = useFirewallStatus();
  const settle = useSettle();
  const now = useNow();
  const pending = status?.pending;
  if (!pending) return null;
  const left = Math.max(0, Math.ceil((pending.deadline - now) / 1000));
  return (
    <>
      <FormError error={settle.error} />
      <Notice
        tone="warn"
        title={left > 0 ? `The last change is undone in ${left} s` : 'The last change is being undone'}
        actions={
          <Group gap={8}>
            <Button size="xs" loading={settle.isPending} onClick={() => settle.mutate('confirm')}>
              Keep it
            </Button>
            <Button
              size="xs"
              variant="default"
              disabled={settle.isPending}
              onClick={() => settle.mutate('cancel')}
            >
              Undo now
            </Button>
          </Group>
        }
      >
        If you still reach everything you need, keep it. Nothing else can be changed meanwhile.
      </Notice>
    </>
  );
}
