import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { root } from '../programs.ts';
import { buildProgram } from './program.ts';
import { withTarget } from './target.ts';

/** Writes docs/cli.md from the verbs themselves. Run it after a change of the command line. */
const shared = withTarget(new Command()).options.map(({ long }) => long);

function describe(command: Command, path: string): string[] {
  if (command.commands.length > 0)
    return command.commands.flatMap((verb) => describe(verb, `${path} ${verb.name()}`));
  const own = command.options.filter(({ long }) => !shared.includes(long));
  const hasTarget = command.options.some(({ long }) => long === '--url');
  const synopsis = [
    path,
    ...command.registeredArguments.map((one) => {
      const name = `${one.name().toUpperCase()}${one.variadic ? '...' : ''}`;
      return one.required ? name : `[${name}]`;
    }),
  ].join(' ');
  const rows = [
    ...command.registeredArguments.map((one) => [one.name().toUpperCase(), one.description]),
    ...own.map((one) => [one.flags, one.description]),
  ].map(([name, text]) => `| \`${name}\` | ${(text ?? '').replaceAll('|', '\\|')} |`);
  return [
    `### ${path.replace('meshwright ', '')}`,
    '',
    `    ${synopsis}${own.length + (hasTarget ? 1 : 0) > 0 ? ' [options]' : ''}`,
    '',
    `${sentence(command.description())}${hasTarget ? ' Takes the [options that say which controller](#which-controller).' : ''}`,
    '',
    ...(rows.length > 0 ? ['| | |', '|---|---|', ...rows, ''] : []),
  ];
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

const targets = withTarget(new Command()).options.map(
  ({ flags, description }) => `| \`${flags}\` | ${description} |`,
);

const text = `# Command line

Written by \`src/cli/write-reference.ts\` from the verbs themselves. \`meshwright VERB --help\` says the same.

Exit codes: 0 done, 1 failed, 2 wrong command line, 3 no controller answers, 4 the controller refuses.

Completion: \`meshwright completion bash > /etc/bash_completion.d/meshwright\` (also \`zsh\`, \`fish\`).

## Which controller

Without an option a verb talks to the controller of this machine over its control socket, which needs root and no password.

| | |
|---|---|
${targets.join('\n')}

## Verbs

${buildProgram()
  .commands.flatMap((verb) => describe(verb, `meshwright ${verb.name()}`))
  .join('\n')}`;

writeFileSync(`${root}/docs/cli.md`, `${text.trimEnd()}\n`);
