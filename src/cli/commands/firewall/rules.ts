import { Command, InvalidArgumentError, Option } from 'commander';
import { ruleLines } from '../../../firewall/rule-text.ts';
import { CliError } from '../../cli-error.ts';
import type { Client } from '../../client.ts';
import { print, table } from '../../output.ts';
import { connect, readInput, type TargetOptions, withTarget } from '../../target.ts';
import { type CarefulOptions, carefully, careQuery, printChange } from './careful.ts';

export interface Rule {
  readonly id: string;
  readonly rule: string;
  readonly rule_resolved: string;
  readonly position: number;
  readonly comment: string;
  readonly disabled: boolean;
  readonly groups: readonly string[];
  readonly errors?: readonly string[];
}

export interface Counter {
  readonly id: string;
  readonly packets: number;
  readonly bytes: number;
}

const RULES = '/v2/firewall/rules';

export function place(text: string): number {
  if (!/^(-1|\d{1,5})$/.test(text))
    throw new InvalidArgumentError('a position from 0, or -1 for the end, is needed.');
  return Number(text);
}

export function rulesView(rules: readonly Rule[], counters: readonly Counter[] = []): string[] {
  if (rules.length === 0) return ['No rules: only the base policy is in force'];
  const hits = new Map(counters.map(({ id, packets }) => [id, packets]));
  const rows = rules.map((rule) => [
    String(rule.position),
    rule.id,
    rule.errors ? 'broken' : rule.disabled ? 'off' : 'on',
    String(hits.get(rule.id) ?? '-'),
    rule.rule,
    [...rule.groups.map((group) => `[${group}]`), rule.comment].filter(Boolean).join(' '),
  ]);
  const broken = rules.flatMap(({ position, errors = [] }) =>
    errors.map((why) => `rule ${position}: ${why}`),
  );
  return [...table(['at', 'id', 'state', 'packets', 'rule', 'comment'], rows), ...broken];
}

/** A rule is named by its position or its id. */
async function find(client: Client, which: string): Promise<Rule> {
  const rules = await client.get<Rule[]>(RULES);
  const rule = rules.find(({ id, position }) => id === which || String(position) === which);
  if (!rule) throw new CliError(`there is no rule ${which}; \`firewall list\` shows position and id of each`);
  return rule;
}

const list = withTarget(new Command('list').description('list the rules with what they met'))
  .option('--group <name>', 'only rules of this group')
  .option('--table <name>', 'only rules of this table, e.g. FORWARD')
  .option('--resolved', 'show variables and sets put in')
  .action(async (options: TargetOptions & { group?: string; table?: string; resolved?: boolean }) => {
    const client = await connect(options);
    const query = new URLSearchParams({
      ...(options.group !== undefined && { groups: options.group }),
      ...(options.table !== undefined && { tables: options.table }),
    });
    const rules = await client.get<Rule[]>(`${RULES}?${query}`);
    const counters = await client.get<Counter[]>('/v2/firewall/counters').catch(() => []);
    print(options.json, rules, () =>
      rulesView(
        options.resolved ? rules.map((rule) => ({ ...rule, rule: rule.rule_resolved })) : rules,
        counters,
      ),
    );
  });

const add = carefully(new Command('add').description('add a rule'))
  .argument(
    '<rule...>',
    'an iptables rule without -A; quote it, or put it after --: -- INPUT -p tcp --dport 22 -j ACCEPT',
  )
  .option('--position <n>', 'in front of the rule that is there now (default: at the end)', place)
  .option('--comment <text>', 'what it is for')
  .option('--group <name...>', 'put it into groups')
  .option('--disabled', 'keep it, but not in force')
  .action(
    async (
      words: string[],
      options: CarefulOptions & { position?: number; comment?: string; group?: string[]; disabled?: boolean },
    ) => {
      const client = await connect(options);
      const { position, comment, group, disabled } = options;
      const rule = await client.post<Rule>(`${RULES}${careQuery(options)}`, {
        rule: words.join(' '),
        position,
        comment,
        groups: group,
        disabled,
      });
      printChange(options, rule, (made) => `Rule ${made.id} at position ${made.position}: ${made.rule}`);
    },
  );

const remove = carefully(new Command('delete').description('delete a rule'))
  .argument('<rule>', 'its position or id')
  .action(async (which: string, options: CarefulOptions) => {
    const client = await connect(options);
    const { id } = await find(client, which);
    const gone = await client.delete<Rule>(`${RULES}/${id}${careQuery(options)}`);
    printChange(options, gone, ({ rule }) => `Deleted: ${rule}`);
  });

const move = carefully(new Command('move').description('move a rule'))
  .argument('<rule>', 'its position or id')
  .argument('<position>', 'where it has to be, from 0', place)
  .action(async (which: string, position: number, options: CarefulOptions) => {
    const client = await connect(options);
    const { id } = await find(client, which);
    const moved = await client.put<Rule>(`${RULES}/${id}${careQuery(options)}`, { position });
    printChange(options, moved, (rule) => `At position ${rule.position}: ${rule.rule}`);
  });

const edit = carefully(new Command('edit').description('change the text or the comment of a rule'))
  .argument('<rule>', 'its position or id')
  .argument('[text...]', 'the new text')
  .option('--comment <text>', 'what it is for')
  .action(async (which: string, words: string[], options: CarefulOptions & { comment?: string }) => {
    const client = await connect(options);
    const { id } = await find(client, which);
    const text = words.length > 0 ? { rule: words.join(' ') } : {};
    const body = { ...text, ...(options.comment !== undefined && { comment: options.comment }) };
    const changed = await client.put<Rule>(`${RULES}/${id}${careQuery(options)}`, body);
    printChange(options, changed, (rule) => `At position ${rule.position}: ${rule.rule}`);
  });

const toggle = (word: 'enable' | 'disable') =>
  carefully(new Command(word).description(`${word} rules; they keep their place`))
    .argument('<rule...>', 'positions or ids')
    .action(async (which: string[], options: CarefulOptions) => {
      const client = await connect(options);
      const ids = new Set(await Promise.all(which.map(async (one) => (await find(client, one)).id)));
      const rules = await client.get<Rule[]>(RULES);
      // All at once: half of them could be what locks somebody out.
      const body = rules.map(({ id, rule, comment, groups, disabled }) => ({
        id,
        rule,
        comment,
        groups,
        disabled: ids.has(id) ? word === 'disable' : disabled,
      }));
      const answer = await client.put<{ rules: Rule[] }>(`${RULES}${careQuery(options)}`, { rules: body });
      printChange(options, answer, (changed) => rulesView(changed.rules));
    });

const importRules = carefully(
  new Command('import').description('add rules from a file, or replace all by it'),
)
  .argument('<file>', 'text with a rule a line (# begins a comment), or exported JSON; - is standard input')
  .option('--replace', 'replace all rules instead of adding')
  .option('--position <n>', 'in front of the rule that is there now (default: at the end)', place)
  .option('--disabled', 'keep them, but not in force')
  .option('--group <name...>', 'put them into groups')
  .action(
    async (
      file: string,
      options: CarefulOptions & {
        replace?: boolean;
        position?: number;
        disabled?: boolean;
        group?: string[];
      },
    ) => {
      const client = await connect(options);
      const rules = readInput(file);
      const { position, disabled, group: groups } = options;
      const answer = options.replace
        ? await client.put<{ rules: Rule[] }>(`/v2/firewall${careQuery(options)}`, {
            rules: wholeList(rules),
          })
        : await client.put<{ rules: Rule[] }>(`${RULES}/import${careQuery(options)}`, {
            rules,
            position,
            disabled,
            groups,
          });
      printChange(options, answer, (made) => rulesView(made.rules));
    },
  );

/** A list that replaces all: JSON as it is, or the lines of a text. */
function wholeList(text: string): unknown[] {
  if (/^\s*[[{]/.test(text)) {
    try {
      const value = JSON.parse(text) as { response?: unknown[] } | unknown[];
      return Array.isArray(value) ? value : (value.response ?? []);
    } catch (error) {
      throw new CliError(`the file is not valid JSON: ${(error as Error).message}`);
    }
  }
  return ruleLines(text).map(({ text: rule, comment }) => ({ rule, comment }));
}

const exportRules = withTarget(new Command('export').description('print the rules so that import reads them'))
  .addOption(
    new Option('--type <type>', 'json keeps comments, groups and what is disabled')
      .choices(['json', 'plaintext'])
      .default('plaintext'),
  )
  .option('--group <name>', 'only rules of this group')
  .option('--table <name>', 'only rules of this table')
  .action(async (options: TargetOptions & { type: string; group?: string; table?: string }) => {
    const query = new URLSearchParams({
      type: options.json ? 'json' : options.type,
      ...(options.group !== undefined && { group: options.group }),
      ...(options.table !== undefined && { tables: options.table }),
    });
    const rules = await (await connect(options)).get<unknown>(`${RULES}/export?${query}`);
    process.stdout.write(typeof rules === 'string' ? rules : `${JSON.stringify(rules, null, 2)}\n`);
  });

export const ruleCommands: readonly Command[] = [
  list,
  add,
  edit,
  remove,
  move,
  toggle('enable'),
  toggle('disable'),
  importRules,
  exportRules,
];
