import { Button } from '@mantine/core';
import { useSessionStorage } from '@mantine/hooks';
import { useJoinProgress } from '../../api/join.ts';
import { useLicense } from '../../api/license.ts';
import { Page } from '../../kit/Page.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import { useMesh } from '../../live/live-context.tsx';
import { ChooseWay } from './ChooseWay.tsx';
import { FirstController } from './FirstController.tsx';
import { JoinTopology } from './JoinTopology.tsx';
import { firstStep, lacksPeers, type Way, wayOf } from './progress.ts';

/** From a fresh controller to a mesh. Every step shows what it will do; leaving is safe at any time. */
export function Guide() {
  const mesh = useMesh();
  const license = useLicense();
  const join = useJoinProgress();
  const [chosen, choose] = useSessionStorage<Way | null>({ key: 'meshwright.way', defaultValue: null });
  if (!mesh || license.isPending) {
    return (
      <Page title="Set-up Guide" width="column">
        <Waiting error={license.error} />
      </Page>
    );
  }
  const { controller, members } = mesh;
  const isAlone = !members.some(({ known, id }) => known && id !== controller.id);
  const standing = { hasLicence: license.data != null, controller, isAlone };
  const isJoining = join.data !== undefined && ['redeeming', 'installing'].includes(join.data.state);
  const way = wayOf(standing, isJoining, chosen);
  const step = firstStep(standing);
  const isUntouched = step === 'licence' && controller.keyset === 'absent' && !isJoining;
  const lead = lacksPeers(standing, chosen) ? 'peers' : step === 'invite' ? 'invite' : (way ?? 'none');
  return (
    <Page
      title="Set-up Guide"
      width="column"
      lead={LEADS[lead]}
      actions={
        way !== null &&
        isUntouched && (
          <Button variant="default" onClick={() => choose(null)}>
            Choose the other way
          </Button>
        )
      }
    >
      {way === null && <ChooseWay onChoose={choose} />}
      {way === 'first' && <FirstController step={step} license={license.data ?? null} />}
      {way === 'join' && <JoinTopology progress={join.data} />}
    </Page>
  );
}

const LEADS = {
  none: 'A controller either begins a new topology or joins one that exists.',
  first: 'The first controller of a new topology. You can leave at any time and continue here.',
  join: 'Join an existing topology. Licence, keyset, addresses and peers come with it.',
  peers: 'One step is left: a join by hand brings licence, keyset and addresses, but no peers.',
  invite: 'This controller is set up. Add others to make a mesh.',
};
