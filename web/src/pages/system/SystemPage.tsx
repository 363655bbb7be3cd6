import { useConfig } from '../../api/system.ts';
import { Facts } from '../../kit/Facts.tsx';
import { Page } from '../../kit/Page.tsx';
import { Section } from '../../kit/Section.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import { useMesh } from '../../live/live-context.tsx';
import { Detection } from './Detection.tsx';
import { NamesForm } from './NamesForm.tsx';
import { RestartApi } from './RestartApi.tsx';

export function SystemPage() {
  const { data: config, error } = useConfig();
  const controller = useMesh()?.controller;
  return (
    <Page title="System" width="column" lead="Names, time, failure detection and the API of this controller.">
      {config ? <NamesForm config={config} /> : <Waiting error={error} />}
      {controller && <Detection profile={controller.bfd_profile} />}
      {controller && (
        <Section title="Version">
          <Facts
            facts={[
              { name: 'Meshwright', value: controller.version },
              { name: 'API compatible with version', value: controller.vns3_version },
            ]}
          />
        </Section>
      )}
      <RestartApi />
    </Page>
  );
}
