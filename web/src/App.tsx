import { useEffect } from 'react';
import { onUnauthorized } from './api/request.ts';
import { forgetSession, useSession } from './api/session.ts';
import { ChangeFirstPassword } from './entrance/ChangeFirstPassword.tsx';
import { Login } from './entrance/Login.tsx';
import { NoAnswer } from './entrance/NoAnswer.tsx';
import { SetUp } from './entrance/SetUp.tsx';
import { LiveProvider } from './live/live-context.tsx';
import { Shell } from './shell/Shell.tsx';

/** Who may see what: set-up before anything else, then login, then a password of one's own, then the console. */
export function App() {
  const session = useSession();
  useEffect(() => onUnauthorized(forgetSession), []);
  if (!session.data) return <NoAnswer error={session.error} waiting={session.failureCount > 0} />;
  const { setup_open, authenticated, must_change } = session.data;
  if (setup_open && !authenticated) return <SetUp />;
  if (!authenticated) return <Login />;
  if (must_change) return <ChangeFirstPassword />;
  return (
    <LiveProvider>
      <Shell />
    </LiveProvider>
  );
}
