import { check, type DoctorCheck } from './doctor-check.ts';
import type { MeshStatus } from './mesh-status.ts';

/** What the fair server gives to ordinary processes of each second, before real-time ones, unless somebody changed it. */
const FAIR_SERVER_MS = 50;

type Links = readonly Pick<MeshStatus['links'][number], 'peer' | 'bfd'>[];

/** Whether links wait longer than the kernel may hold real-time processes up (docs/failure-detection.md). */
export function detectionCheck(links: Links, kernel: string): DoctorCheck {
  const held = hasFairServer(kernel) ? FAIR_SERVER_MS : 0;
  const tight = links.filter(
    ({ bfd }) =>
      bfd.timeout_ms !== null && bfd.interval_ms !== null && bfd.timeout_ms - bfd.interval_ms < held,
  );
  const waits = [...new Set(tight.map(({ bfd }) => `${bfd.timeout_ms} ms`))].join(' or ');
  return check(
    'detection',
    tight.length === 0,
    'Every link waits longer than this kernel may hold up what watches it.',
    `This kernel may hold up real-time processes for ${held} ms; links that are given up after ${waits}: ${tight.map(({ peer }) => peer).join(', ')}.`,
    'False alarms are to be expected. Use the detection profile auto, or lower the share of the fair server.',
    'warn',
  );
}

/** It came with Linux 6.12. */
function hasFairServer(kernel: string): boolean {
  const [major = 0, minor = 0] = kernel.split('.').map((part) => Number.parseInt(part, 10));
  return major > 6 || (major === 6 && minor >= 12);
}
