import { useMediaQuery } from '@mantine/hooks';
import { IconTopologyStar3 } from '@tabler/icons-react';
import { useMemo } from 'react';
import { Empty } from '../../kit/Empty.tsx';
import { Page } from '../../kit/Page.tsx';
import { Section } from '../../kit/Section.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import { useMesh } from '../../live/live-context.tsx';
import { Standing } from '../../live/Standing.tsx';
import { FarLinkTable, isBetweenOthers } from './FarLinkTable.tsx';
import { Legend } from './Legend.tsx';
import { LinkTable } from './LinkTable.tsx';
import { MapView } from './MapView.tsx';
import { pictureOf } from './picture.ts';

export function TopologyMap() {
  const mesh = useMesh();
  const format = useMediaQuery('(max-width: 700px)', false, { getInitialValueInEffect: false })
    ? 'high'
    : 'wide';
  const picture = useMemo(() => mesh && pictureOf(mesh, format), [mesh, format]);
  if (!mesh || !picture) {
    return (
      <Page title="Topology Map">
        <Waiting error={null} />
      </Page>
    );
  }
  return (
    <Page title="Topology Map" lead={<Standing />}>
      {picture.spots.length === 0 ? (
        <Section title="Map">
          <Empty icon={IconTopologyStar3} title="Nothing to draw yet">
            The map shows controllers once this one has an id in Controller Peering.
          </Empty>
        </Section>
      ) : (
        <>
          <Section title="Map" aside={<Legend />} flush>
            <MapView picture={picture} />
          </Section>
          <Section title="The same as a table" flush>
            <LinkTable picture={picture} />
          </Section>
          {picture.lines.some(isBetweenOthers(picture.spots)) && (
            <Section title="Links between others" note="As the controllers at their ends tell them." flush>
              <FarLinkTable picture={picture} />
            </Section>
          )}
        </>
      )}
    </Page>
  );
}
