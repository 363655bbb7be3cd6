import type { ControllerPlan } from './plan.ts';
import { attempt } from './program.ts';

/** Round-trip times in ms from every site host to every other; null where no answer came. */
export type PingMatrix = Map<number, Map<number, number | null>>;

/** Reads what `fping -C 2 -q` prints: `10.201.2.10 : 0.52 -`, with a dash for silence. The first answer counts. */
export function parseFping(text: string): Map<string, number | null> {
  const found = new Map<string, number | null>();
  for (const line of text.split('\n')) {
    const match = /^(\S+)\s*:((?:\s+(?:-|[\d.]+))+)\s*$/.exec(line);
    if (!match) continue;
    const time = match[2]!.split(/\s+/).find((word) => /\d/.test(word));
    found.set(match[1]!, time === undefined ? null : Number(time));
  }
  return found;
}

export async function pingMatrix(plans: readonly ControllerPlan[]): Promise<PingMatrix> {
  const rows = await Promise.all(
    plans.map(async (from) => {
      const targets = plans.filter((to) => to.id !== from.id);
      const hosts = targets.map((to) => to.siteHost);
      const enter = ['nsenter', `--net=/run/netns/${from.siteNamespace}`];
      const { stderr } =
        hosts.length === 0
          ? { stderr: '' }
          : await attempt([...enter, 'fping', '-C2', '-q', '-p500', '-t500', ...hosts]);
      const times = parseFping(stderr);
      return [from.id, new Map(targets.map((to) => [to.id, times.get(to.siteHost) ?? null]))] as const;
    }),
  );
  return new Map(rows);
}

export function isComplete(matrix: PingMatrix): boolean {
  return [...matrix.values()].every((row) => [...row.values()].every((time) => time !== null));
}

/** A row per sender, a column per receiver. */
export function renderMatrix(matrix: PingMatrix): string {
  const ids = [...matrix.keys()];
  const head = ['ms'.padStart(11), ...ids.map((id) => `site ${id}`.padStart(11))].join('');
  const rows = ids.map((from) =>
    [
      `site ${from}`.padStart(11),
      ...ids.map((to) => {
        const time = matrix.get(from)?.get(to);
        return (
          from === to ? '-' : time === null || time === undefined ? 'no answer' : time.toFixed(2)
        ).padStart(11);
      }),
    ].join(''),
  );
  return [head, ...rows].join('\n');
}
