import { useKeyset } from '../../api/keyset.ts';
import { Page } from '../../kit/Page.tsx';
import { Waiting } from '../../kit/Waiting.tsx';
import { KeysetPanel } from './KeysetPanel.tsx';

const LEAD =
  'All key material of a topology. It is generated once, on controller 1; every other controller fetches it with the same security token.';

export function KeysetPage() {
  const { data, error } = useKeyset();
  return (
    <Page title="Keyset" width="column" lead={LEAD}>
      {data ? <KeysetPanel keyset={data} /> : <Waiting error={error} />}
    </Page>
  );
}
