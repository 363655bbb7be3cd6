import { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import { print, table } from '../output.ts';
import { connect, type TargetOptions, wholeNumber, withTarget } from '../target.ts';

interface Entry {
  readonly seq: number;
  readonly at: number;
  readonly actor: string;
  readonly source: string;
  readonly summary: string;
  readonly target: Readonly<Record<string, string>>;
  readonly status: number;
  readonly error: string | null;
  readonly changes: readonly { readonly what: string }[];
}

interface Verdict {
  readonly intact: boolean;
  readonly entries: number;
  readonly head: string;
  readonly broken_at: number | null;
}

interface ListOptions extends TargetOptions {
  limit?: number;
  actor?: string;
  source?: string;
  action?: string;
  refused?: boolean;
}

export function auditView(entries: readonly Entry[]): string[] {
  if (entries.length === 0) return ['No entries'];
  const rows = entries.map((one) => [
    String(one.seq),
    new Date(one.at).toISOString().slice(0, 19).replace('T', ' '),
    one.actor,
    one.source,
    [one.summary, ...Object.values(one.target)].join(' '),
    one.error ?? [...new Set(one.changes.map(({ what }) => what))].slice(0, 4).join(', '),
  ]);
  return table(['nr', 'time (UTC)', 'who', 'from', 'what', 'changed, or why not'], rows);
}

const list = withTarget(new Command('list').description('who did what, newest first'))
  .option('--limit <n>', 'so many entries, at most 1000', wholeNumber)
  .option('--actor <name>', 'of one user, or of api or local')
  .option('--source <address>', 'from one address')
  .option('--action <text>', 'with this in the action')
  .option('--refused', 'only what was refused')
  .action(async (options: ListOptions) => {
    const query = new URLSearchParams();
    for (const name of ['limit', 'actor', 'source', 'action'] as const) {
      if (options[name] !== undefined) query.set(name, String(options[name]));
    }
    if (options.refused) query.set('outcome', 'refused');
    print(options.json, await (await connect(options)).get<Entry[]>(`/mesh/audit?${query}`), auditView);
  });

const verify = withTarget(new Command('verify').description('check that nobody changed the log')).action(
  async (options: TargetOptions) => {
    const verdict = await (await connect(options)).get<Verdict>('/mesh/audit/verify');
    print(options.json, verdict, ({ entries, head }) => [`${entries} entries`, `head ${head}`]);
    if (!verdict.intact) throw new CliError(`the log is broken at entry ${verdict.broken_at}`);
  },
);

export function auditCommand(): Command {
  const command = new Command('audit').description('who changed what, from where');
  for (const verb of [list, verify]) command.addCommand(verb);
  return command;
}
