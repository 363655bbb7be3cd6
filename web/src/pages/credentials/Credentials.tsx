import { useSession } from '../../api/session.ts';
import { Page } from '../../kit/Page.tsx';
import { ApiPassword } from './ApiPassword.tsx';
import { ConsoleAccount } from './ConsoleAccount.tsx';
import { SecondFactor } from './SecondFactor.tsx';

export function Credentials() {
  const session = useSession().data;
  return (
    <Page
      title="Credentials"
      width="column"
      lead="Two accounts: one for this console, one for the API. Their passwords are separate."
    >
      <ConsoleAccount />
      {session?.user && !session.visit && <SecondFactor />}
      {session?.role === 'admin' && <ApiPassword />}
    </Page>
  );
}
