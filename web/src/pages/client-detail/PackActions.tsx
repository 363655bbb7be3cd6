import type { NativePackDetail } from '../../api/clientpacks.ts';
import { Section } from '../../kit/Section.tsx';
import { BulkActions } from '../clientpacks/BulkActions.tsx';

/** The same actions as for many, for this one. */
export function PackActions({ pack }: { pack: NativePackDetail }) {
  return (
    <Section
      title="Access"
      note={pack.enabled ? 'This client may attach.' : 'This client is kept out by every controller.'}
      flush
    >
      <BulkActions packs={[pack]} onDone={() => undefined} isOne />
    </Section>
  );
}
