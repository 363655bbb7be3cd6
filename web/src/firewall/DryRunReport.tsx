import type { DryRun } from '../api/firewall.ts';
import { Mono } from '../kit/Mono.tsx';
import { Notice } from '../kit/Notice.tsx';
import styles from './DryRunReport.module.css';

/** What a change would do, before anybody does it; nothing before it was asked. */
export function DryRunReport({ report }: { report: DryRun | null }) {
  if (!report) return null;
  const failed = report.tests.filter(({ expect, got }) => expect !== got);
  const isBad = report.problems.length > 0 || failed.length > 0;
  return (
    <Notice tone={isBad ? 'bad' : report.cut.length > 0 ? 'warn' : 'info'} title="Nothing was changed yet">
      <Lines title="It would change" lines={report.changes} none="nothing" />
      {report.problems.length > 0 && <Lines title="It would be refused" lines={report.problems} />}
      {report.tests.length > 0 && (
        <Lines
          title="Rule tests"
          lines={failed.map(({ name, expect, got }) => `${name}: must ${expect}, would ${got ?? 'not run'}`)}
          none={`all ${report.tests.length} hold`}
        />
      )}
      <Lines title="Live flows that it would cut" lines={report.cut} none="none" />
    </Notice>
  );
}

interface LinesProps {
  readonly title: string;
  readonly lines: readonly string[];
  readonly none?: string;
}

function Lines({ title, lines, none }: LinesProps) {
  return (
    <div className={styles.lines}>
      {title}: {lines.length === 0 && none}
      {lines.length > 0 && (
        <ul className={styles.list}>
          {lines.slice(0, 20).map((line) => (
            <li key={line}>
              <Mono>{line}</Mono>
            </li>
          ))}
          {lines.length > 20 && <li>and {lines.length - 20} more</li>}
        </ul>
      )}
    </div>
  );
}
