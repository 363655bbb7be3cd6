import { Button, Group, Stack } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { FormError } from './FormError.tsx';

interface DialogFormProps {
  readonly error: unknown;
  /** Fields that show their own message. */
  readonly fields: readonly string[];
  /** What the button that sends it says. */
  readonly submit: string;
  readonly isReady?: boolean;
  readonly busy: boolean;
  readonly onSubmit: () => void;
  /** Stands in front of the button that sends it. */
  readonly otherButton?: ReactNode;
  readonly children: ReactNode;
}

/** The fields of a dialog, what went wrong with them, and the button that sends them. */
export function DialogForm(props: DialogFormProps) {
  const { error, fields, submit, isReady = true, busy, onSubmit, otherButton, children } = props;
  const send = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form onSubmit={send}>
      <Stack gap="sm">
        <FormError error={error} fields={fields} />
        {children}
        <Group justify="flex-end" grow={!otherButton} mt={6}>
          {otherButton}
          <Button type="submit" disabled={!isReady} loading={busy}>
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
