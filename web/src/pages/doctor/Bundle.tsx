import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { Section } from '../../kit/Section.tsx';

/** Everything that helps to find a fault, for whoever is asked to help. */
export function Bundle() {
  return (
    <Section
      title="Diagnostic bundle"
      note="Status, events, configuration and versions in one file. It holds no keys, tokens or passwords."
      aside={
        <Button
          component="a"
          href="/api/mesh/diagnostics"
          download
          variant="default"
          leftSection={<IconDownload size={16} />}
        >
          Download
        </Button>
      }
    >
      Made on the spot by this controller; make one on each side of a link that fails.
    </Section>
  );
}
