import type { MeshSummary } from '../../../../src/observe/mesh-status.ts';
import { useSystemStatus } from '../../api/system.ts';
import { percent, UNKNOWN } from '../../format/number.ts';
import { duration } from '../../format/time.ts';
import { For } from '../../kit/Ago.tsx';
import { Facts } from '../../kit/Facts.tsx';
import { Notice } from '../../kit/Notice.tsx';
import { Section } from '../../kit/Section.tsx';
import { memoryUse } from './machine.ts';

/** The machine and what runs on it. */
export function SystemStatus({ mesh: { applier, controller } }: { mesh: MeshSummary }) {
  const system = useSystemStatus().data;
  const stopped = applier.engines.filter((engine) => !engine.running).map((engine) => engine.name);
  const facts = [
    { name: 'Version', value: controller.version },
    { name: 'Controller process', value: <For since={controller.started_at} /> },
    { name: 'Applier', value: applier.connected ? 'answers' : 'does not answer' },
    {
      name: 'Engines running',
      value: applier.connected
        ? `${applier.engines.length - stopped.length} of ${applier.engines.length}`
        : UNKNOWN,
    },
    { name: 'CPU idle', value: percent(applier.connected ? applier.cpu_idle : null) },
    { name: 'Load', value: system?.loadavg.join('  ') ?? UNKNOWN },
    { name: 'Memory used', value: system ? percent(memoryUse(system.meminfo)) : UNKNOWN },
    { name: 'Disk used', value: system?.diskinfo[1]?.[4]?.replace('%', ' %') ?? UNKNOWN },
    { name: 'Machine', value: system ? `up ${duration(system.uptime * 1000)}` : UNKNOWN },
    { name: 'Kernel', value: system?.kernel_version ?? UNKNOWN },
  ];
  return (
    <Section title="System Status">
      {!applier.connected && (
        <Notice tone="bad" title="The applier does not answer">
          Links keep running as they are, but no change takes effect and nothing new is seen.
        </Notice>
      )}
      {applier.last_error !== null && (
        <Notice tone="warn" title="The last change was not applied completely">
          {applier.last_error}
        </Notice>
      )}
      {stopped.length > 0 && (
        <Notice tone="warn" title="Engines that do not run">
          {stopped.join(', ')}
        </Notice>
      )}
      <Facts facts={facts} />
    </Section>
  );
}
