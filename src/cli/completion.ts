import type { Command } from 'commander';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** What may follow a line of verbs: further verbs, and options. */
interface Level {
  readonly path: string;
  readonly verbs: readonly Command[];
  readonly options: readonly string[];
}

function levels(command: Command, path = ''): Level[] {
  const verbs = command.commands;
  const options = ['--help', ...command.options.flatMap((option) => option.long ?? [])];
  return [
    { path, verbs, options },
    ...verbs.flatMap((verb) => levels(verb, path === '' ? verb.name() : `${path} ${verb.name()}`)),
  ];
}

const wordsOf = ({ verbs, options }: Level): string =>
  [...verbs.map((verb) => verb.name()), ...options].join(' ');

/** The words before the cursor that are verbs choose the level; options and values between them are skipped. */
function bash(all: readonly Level[]): string {
  return `# meshwright completion for bash
_meshwright() {
  local word path="" words="" next
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    next="\${path:+$path }$word"
    case "$next" in
${all
  .filter(({ path }) => path !== '')
  .map(({ path }) => `      "${path}") path="$next" ;;`)
  .join('\n')}
    esac
  done
  case "$path" in
${all.map((level) => `    "${level.path}") words="${wordsOf(level)}" ;;`).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
  [ \${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -F _meshwright meshwright ./meshwright
`;
}

function zsh(all: readonly Level[]): string {
  return `#compdef meshwright\nautoload -U +X bashcompinit && bashcompinit\n${bash(all)}`;
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function fish(all: readonly Level[]): string {
  const lines = all.flatMap(({ path, verbs, options }) => {
    const seen = path === '' ? [] : path.split(' ');
    const here = [
      ...seen.map((verb) => `__fish_seen_subcommand_from ${verb}`),
      ...(verbs.length > 0
        ? [`not __fish_seen_subcommand_from ${verbs.map((verb) => verb.name()).join(' ')}`]
        : []),
    ].join('; and ');
    const when = here === '' ? '' : ` -n ${quoted(here)}`;
    return [
      ...verbs.map(
        (verb) => `complete -c meshwright -f${when} -a ${verb.name()} -d ${quoted(verb.description())}`,
      ),
      ...options.map((option) => `complete -c meshwright${when} -l ${option.slice(2)}`),
    ];
  });
  return `# meshwright completion for fish\n${lines.join('\n')}\n`;
}

export function completionScript(program: Command, shell: Shell): string {
  const all = levels(program);
  switch (shell) {
    case 'bash':
      return bash(all);
    case 'zsh':
      return zsh(all);
    case 'fish':
      return fish(all);
  }
}
