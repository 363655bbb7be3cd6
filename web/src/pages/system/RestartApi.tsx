import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useRestartApi } from '../../api/system.ts';
import { Confirm } from '../../kit/Confirm.tsx';
import { FormError } from '../../kit/FormError.tsx';
import { Section } from '../../kit/Section.tsx';

export function RestartApi() {
  const [asking, { open, close }] = useDisclosure(false);
  const restart = useRestartApi();
  return (
    <Section
      title="Restart of the API"
      note="Console and API are away for about five seconds. Links and traffic are not touched."
      aside={
        <Button variant="default" onClick={open}>
          Restart the API
        </Button>
      }
    >
      <FormError error={restart.error} />
      <Confirm
        opened={asking}
        title="Restart the API?"
        confirm="Restart"
        danger={false}
        busy={restart.isPending}
        onCancel={close}
        onConfirm={() => restart.mutate(undefined, { onSettled: close })}
      >
        Scripts and tools get no answer for about five seconds, and requests under way are cut. The mesh keeps
        running, and this page continues by itself.
      </Confirm>
    </Section>
  );
}
