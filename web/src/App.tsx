import { useEffect, useState } from 'react';
import { onUnauthorized } from './api/request.ts';
import { forgetSession, takeVisit, useSession } from './api/session.ts';
import { ChangeFirstPassword } from './entrance/ChangeFirstPassword.tsx';
import { ClientpackVisit } from './entrance/ClientpackVisit.tsx';
import { Login } from './entrance/Login.tsx';
import { NoAnswer } from './entrance/NoAnswer.tsx';
import { SetUp } from './entrance/SetUp.tsx';
import { Visit } from './entrance/Visit.tsx';
import { LiveProvider } from './live/live-context.tsx';
import { Shell } from './shell/Shell.tsx';

/** Who may see what: set-up before anything else, then login, then a password of one's own, then the console. */
export function App() {
  const session = useSession();
  const [access, setAccess] = useState(takeVisit);
  useEffect(() => onUnauthorized(forgetSession), []);
  if (!session.data) return <NoAnswer error={session.error} waiting={session.failureCount > 0} />;
  const { setup_open, authenticated, must_change, visit } = session.data;
  if (access !== null) return <Visit access={access} onDone={() => setAccess(null)} />;
  if (setup_open && !authenticated) return <SetUp />;
  if (!authenticated) return <Login />;
  if (must_change) return <ChangeFirstPassword />;
  if (visit?.clientpack) return <ClientpackVisit name={visit.clientpack} until={visit.until} />;
  return (
    <LiveProvider>
      <Shell />
    </LiveProvider>
  );
}
