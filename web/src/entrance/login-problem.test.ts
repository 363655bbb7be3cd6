import { expect, it } from 'vitest';
import { loginProblem } from './login-problem.ts';

it('says what it knows, and never what the address says', () => {
  expect(loginProblem('')).toBeNull();
  expect(loginProblem('?login_error=SSO_NO_ROLE')).toMatch(/None of your groups/);
  expect(loginProblem('?login_error=Call+0123+now')).toMatch(/^The login at the provider failed/);
  expect(loginProblem('?login_error=constructor')).not.toMatch(/function/);
});
