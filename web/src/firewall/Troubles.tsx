import { useFirewallStatus } from '../api/firewall.ts';
import { dateTime } from '../format/time.ts';
import { Mono } from '../kit/Mono.tsx';
import { Notice } from '../kit/Notice.tsx';

/** What is stored but not in force, and which shared changes met. */
export function Troubles() {
  const { data: status } = useFirewallStatus();
  if (!status) return null;
  return (
    <>
      {status.broken.length > 0 && (
        <Notice tone="bad" title="Not in force">
          {status.broken.slice(0, 8).map(({ of, text, why }) => (
            <div key={`${of} ${text} ${why}`}>
              <Mono>{text}</Mono>: {why}
            </div>
          ))}
        </Notice>
      )}
      {status.conflicts.map(({ kind, name, winner, loser }) => (
        <Notice key={`${kind} ${name} ${loser.by}`} tone="warn" title={`Two controllers changed ${name}`}>
          The change of controller {winner.by} is in force everywhere, because it is the later one. It
          overrode the change of controller {loser.by} of {dateTime(loser.at)}. The next change on any
          controller ends this notice.
        </Notice>
      ))}
    </>
  );
}
