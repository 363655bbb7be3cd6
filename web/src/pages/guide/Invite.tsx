import { IconUsersGroup } from '@tabler/icons-react';
import { Empty } from '../../kit/Empty.tsx';
import { Section } from '../../kit/Section.tsx';
import { useMesh } from '../../live/live-context.tsx';
import { InviteForm } from './InviteForm.tsx';
import { OpenCodes } from './OpenCodes.tsx';

/** Adding a controller: a code that works once, for one id. */
export function Invite() {
  const mesh = useMesh();
  const members = mesh?.members ?? [];
  const free = members.filter((member) => !member.known).map((member) => member.id);
  const taken = members
    .filter((member) => member.known && member.id !== mesh?.controller.id)
    .map(({ id }) => id);
  return (
    <>
      <Section
        title="Add a controller"
        note="The code is for one machine and one id. It brings licence, keyset, addresses and peers with it."
      >
        {free.length + taken.length === 0 ? (
          <Empty icon={IconUsersGroup} title="The licence has no more controllers">
            A larger licence makes room; see Licence, Upgrade.
          </Empty>
        ) : (
          <InviteForm free={free} taken={taken} />
        )}
      </Section>
      <OpenCodes />
    </>
  );
}
