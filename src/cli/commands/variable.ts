import { Command, Option } from 'commander';
import { RefusedError } from '../cli-error.ts';
import { print, table } from '../output.ts';
import { connect, type TargetOptions, withTarget } from '../target.ts';
import { type CarefulOptions, carefully, careQuery, printChange } from './firewall/careful.ts';

interface Variable {
  readonly variable: string;
  readonly description: string;
  readonly value: string;
  readonly sync_mesh?: boolean;
}
type Variables = Readonly<Record<string, readonly Variable[]>>;

const VARIABLES = '/system/variables';

export function variablesView(variables: Variables): string[] {
  const rows = Object.values(variables)
    .flat()
    .map(({ variable, value, sync_mesh, description }) => [
      `\${${variable}}`,
      value,
      sync_mesh ? 'yes' : '',
      description,
    ]);
  return rows.length === 0 ? ['No variables'] : table(['in a rule', 'value', 'shared', 'description'], rows);
}

const list = withTarget(new Command('list').description('list variables with their values'))
  .option('--custom', 'only those that were defined by an operator')
  .action(async (options: TargetOptions & { custom?: boolean }) => {
    const query = options.custom ? '?collections=custom' : '';
    print(options.json, await (await connect(options)).get<Variables>(`${VARIABLES}${query}`), variablesView);
  });

const set = carefully(
  new Command('set').description('define a variable, or change it; rules that use it follow'),
)
  .argument('<name>', 'letters, digits and underscores')
  .argument('<value>', 'what stands for it in a rule, e.g. 10.0.0.0/8')
  .option('--description <text>', 'what it is')
  .addOption(new Option('--sync', 'share it with every controller of the topology').conflicts('unsync'))
  .option('--unsync', 'the other controllers lose it, this one keeps it')
  .action(
    async (
      name: string,
      value: string,
      options: CarefulOptions & { description?: string; sync?: boolean; unsync?: boolean },
    ) => {
      const client = await connect(options);
      const sync_mesh = options.sync ? true : options.unsync ? false : undefined;
      const body = { value, description: options.description, sync_mesh };
      const query = careQuery(options);
      const answer = await client
        .put<Variable>(`${VARIABLES}/${encodeURIComponent(name)}${query}`, body)
        .catch((error: unknown) => {
          if (!(error instanceof RefusedError && error.status === 404)) throw error;
          return client.post<Variables>(`${VARIABLES}${query}`, { name, ...body });
        });
      printChange(options, answer, () => `${name} = ${value}`);
    },
  );

const remove = carefully(new Command('delete').description('delete a variable'))
  .argument('<name>')
  .option('--force', 'disable the rules that use it')
  .action(async (name: string, options: CarefulOptions & { force?: boolean }) => {
    const client = await connect(options);
    const query = careQuery(options, options.force ? { force: 'true' } : {});
    const url = `${VARIABLES}/${encodeURIComponent(name)}${query}`;
    printChange(options, await client.delete<Variables>(url), () => `Deleted variable ${name}`);
  });

export function variableCommand(): Command {
  const command = new Command('variable').description('variables of firewall rules');
  for (const verb of [list, set, remove]) command.addCommand(verb);
  return command;
}
