import { Page } from '../../kit/Page.tsx';
import { Tokens } from './Tokens.tsx';
import { Urls } from './Urls.tsx';

export function AccessPage() {
  return (
    <Page title="Access" lead="Tokens for programs, and URLs that let a visitor in without a password.">
      <Tokens />
      <Urls />
    </Page>
  );
}
