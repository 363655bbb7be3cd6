import { Page } from '../../kit/Page.tsx';
import { ApiPassword } from './ApiPassword.tsx';
import { ConsoleAccount } from './ConsoleAccount.tsx';

export function Credentials() {
  return (
    <Page
      title="Credentials"
      width="column"
      lead="Two accounts: one for this console, one for the API. Their passwords are separate."
    >
      <ConsoleAccount />
      <ApiPassword />
    </Page>
  );
}
