import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconRoute2 } from '@tabler/icons-react';
import { ApiError } from '../../api/error.ts';
import { useRoutes } from '../../api/routes.ts';
import { Empty } from '../../kit/Empty.tsx';
import { Page } from '../../kit/Page.tsx';
import { Section } from '../../kit/Section.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import { AddRoute } from './AddRoute.tsx';
import { LearnedRoutes } from './LearnedRoutes.tsx';
import { OwnRoutes } from './OwnRoutes.tsx';

export function Routes() {
  const { data: routes, error } = useRoutes();
  const [adding, { open, close }] = useDisclosure(false);
  const isUnlicensed = error instanceof ApiError && error.code === 'NOT_LICENSED';
  return (
    <Page
      title="Routes"
      lead="What this controller routes, and which site networks it announces to the mesh."
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={open} disabled={!routes}>
          Add a route
        </Button>
      }
    >
      <Section title="Routes of this controller" flush>
        {isUnlicensed && (
          <Empty icon={IconRoute2} title="There is no licence yet">
            Routes can be set once the controller has its licence.
          </Empty>
        )}
        {!routes && !isUnlicensed && <Waiting error={error} />}
        {routes?.length === 0 && (
          <Empty
            icon={IconRoute2}
            title="No routes yet"
            action={
              <Button variant="light" onClick={open}>
                Add a route
              </Button>
            }
          >
            Announce the network of this site, and every other controller can reach it over the mesh.
          </Empty>
        )}
        {routes && routes.length > 0 && <OwnRoutes routes={routes} />}
      </Section>
      <LearnedRoutes />
      {adding && <AddRoute onClose={close} />}
    </Page>
  );
}
