import { Button, Stack } from '@mantine/core';
import { CopyText } from '../../kit/CopyText.tsx';
import { Notice } from '../../kit/Notice.tsx';

const SHOWN = 24;

interface ShownOnceProps {
  readonly what: string;
  readonly secret: string;
  readonly onClose: () => void;
}

export function ShownOnce({ what, secret, onClose }: ShownOnceProps) {
  return (
    <Stack gap="sm">
      <Notice tone="good" title={`This is the ${what}. It is shown only now.`}>
        <CopyText value={secret} what={what} short={`${secret.slice(0, SHOWN)}…`} />
      </Notice>
      <Button onClick={onClose}>Done</Button>
    </Stack>
  );
}
