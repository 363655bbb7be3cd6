const WORDS: Readonly<Record<string, string>> = {
  SSO_NO_ROLE: 'None of your groups has a role on this controller. Ask an administrator.',
  SSO_FORGOTTEN: 'This login was not begun in this browser, or took too long. Try again.',
  SSO_OFF: 'Single sign-on is not set up here.',
  CONSOLE_DISABLED: 'The console of this controller is disabled.',
  LOGIN_FAILED: 'This user is disabled on this controller.',
};

/** Why a login at the provider did not end here, as the address says it. Unknown words are never shown. */
export function loginProblem(query: string): string | null {
  const code = new URLSearchParams(query).get('login_error');
  if (code === null) return null;
  return (
    (Object.hasOwn(WORDS, code) ? WORDS[code] : null) ??
    'The login at the provider failed. The log of the controller says why.'
  );
}
