import { Command, Option } from 'commander';
import { FIREWALL_TABLES } from '../../../desired/firewall.ts';
import { CliError } from '../../cli-error.ts';
import { print, table } from '../../output.ts';
import { connect, type TargetOptions, withTarget } from '../../target.ts';
import { type CarefulOptions, carefully, careQuery, printChange } from './careful.ts';
import { type Counter, place, type Rule, rulesView } from './rules.ts';

interface Subtable {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly size: number;
  readonly rules: readonly Omit<Rule, 'groups'>[];
}

const SUBTABLES = '/v2/firewall/subtables';
const pathOf = (name: string) => `${SUBTABLES}/${encodeURIComponent(name)}`;

export function subtablesView(subtables: readonly Subtable[]): string[] {
  if (subtables.length === 0) return ['No subtables'];
  const rows = subtables.map(({ name, type, size, description }) => [name, type, String(size), description]);
  return table(['name', 'reached from', 'rules', 'description'], rows);
}

export function subtableView({ name, type, rules }: Subtable, counters: readonly Counter[] = []): string[] {
  const title = `${name} (reached from ${type})`;
  if (rules.length === 0) return [title, 'No rules: a packet goes on behind the rule that jumped'];
  return [
    title,
    ...rulesView(
      rules.map((rule) => ({ ...rule, groups: [] })),
      counters,
    ),
  ];
}

/** Nobody has to write the name twice: a rule that begins with an option is one of this subtable. */
export const inSubtable = (name: string, text: string): string =>
  /^[-!]/.test(text.trim()) ? `${name} ${text.trim()}` : text;

/** A rule of a subtable is named by its position in it or by its id. */
function ruleIn({ name, rules }: Subtable, which: string): Subtable['rules'][number] {
  const rule = rules.find(({ id, position }) => id === which || String(position) === which);
  if (!rule)
    throw new CliError(
      `${name} has no rule ${which}; \`firewall subtables show ${name}\` shows position and id of each`,
    );
  return rule;
}

/** All rules of the subtable as they have to be sent, with some of them switched on or off. */
export function switched(table: Subtable, which: readonly string[], disabled: boolean): object[] {
  const ids = new Set(which.map((one) => ruleIn(table, one).id));
  return table.rules.map(({ id, rule, position, comment, ...was }) => ({
    id,
    rule,
    position,
    comment,
    disabled: ids.has(id) ? disabled : was.disabled,
  }));
}

const list = withTarget(new Command('list').description('list subtables')).action(
  async (options: TargetOptions) => {
    print(options.json, await (await connect(options)).get<Subtable[]>(SUBTABLES), subtablesView);
  },
);

const show = withTarget(new Command('show').description('show the rules of a subtable with what they met'))
  .argument('<name>')
  .action(async (name: string, options: TargetOptions) => {
    const client = await connect(options);
    const subtable = await client.get<Subtable>(pathOf(name));
    const counters = await client.get<Counter[]>('/v2/firewall/counters').catch(() => []);
    print(options.json, subtable, () => subtableView(subtable, counters));
  });

const create = carefully(new Command('create').description('create a subtable'))
  .argument('<name>')
  .argument('[rule...]', 'its rules, each of them quoted and beginning with the name')
  .addOption(
    new Option('--type <table>', 'from where rules jump to it').choices(FIREWALL_TABLES).default('FORWARD'),
  )
  .option('--description <text>', 'what it is for')
  .action(
    async (
      name: string,
      rules: string[],
      options: CarefulOptions & { type: string; description?: string },
    ) => {
      const { type, description } = options;
      const client = await connect(options);
      const made = await client.post<Subtable>(`${SUBTABLES}${careQuery(options)}`, {
        name,
        type,
        description,
        rules: rules.map((text, position) => ({ rule: inSubtable(name, text), position })),
      });
      printChange(options, made, (subtable) => subtableView(subtable));
    },
  );

const add = carefully(new Command('add').description('add a rule to a subtable'))
  .argument('<name>')
  .argument(
    '<rule...>',
    'a rule that begins with the name, quoted; or without it after --: web -- -p tcp --dport 443 -j ACCEPT',
  )
  .option('--position <n>', 'in front of the rule that is there now (default: at the end)', place)
  .option('--comment <text>', 'what it is for')
  .option('--disabled', 'keep it, but not in force')
  .action(
    async (
      name: string,
      words: string[],
      options: CarefulOptions & { position?: number; comment?: string; disabled?: boolean },
    ) => {
      const { position, comment, disabled } = options;
      const client = await connect(options);
      const url = `${pathOf(name)}/rules${careQuery(options)}`;
      const body = { rule: inSubtable(name, words.join(' ')), position, comment, disabled };
      printChange(options, await client.post<Subtable>(url, body), (subtable) => subtableView(subtable));
    },
  );

const remove = carefully(new Command('remove').description('remove a rule from a subtable'))
  .argument('<name>')
  .argument('<rule>', 'its position or id')
  .action(async (name: string, which: string, options: CarefulOptions) => {
    const client = await connect(options);
    const { id } = ruleIn(await client.get<Subtable>(pathOf(name)), which);
    const url = `${pathOf(name)}/rules/${id}${careQuery(options)}`;
    printChange(options, await client.delete<Subtable>(url), (subtable) => subtableView(subtable));
  });

const toggle = (word: 'enable' | 'disable') =>
  carefully(new Command(word).description(`${word} rules of a subtable; they keep their place`))
    .argument('<name>')
    .argument('<rule...>', 'positions or ids')
    .action(async (name: string, which: string[], options: CarefulOptions) => {
      const client = await connect(options);
      // All at once: half of them could be what locks somebody out.
      const rules = switched(await client.get<Subtable>(pathOf(name)), which, word === 'disable');
      const changed = await client.put<Subtable>(`${pathOf(name)}${careQuery(options)}`, { rules });
      printChange(options, changed, (subtable) => subtableView(subtable));
    });

const destroy = carefully(new Command('delete').description('delete a subtable and its rules'))
  .argument('<name>')
  .option('--force', 'disable the rules that jump to it')
  .action(async (name: string, options: CarefulOptions & { force?: boolean }) => {
    const client = await connect(options);
    const url = `${pathOf(name)}${careQuery(options, options.force ? { force: 'true' } : {})}`;
    printChange(options, await client.delete<Subtable>(url), (gone) => `Deleted subtable ${gone.name}`);
  });

export function subtablesCommand(): Command {
  const command = new Command('subtables').alias('subtable').description('lists of rules that rules jump to');
  for (const verb of [list, show, create, add, remove, toggle('enable'), toggle('disable'), destroy])
    command.addCommand(verb);
  return command;
}
