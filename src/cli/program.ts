import { Argument, Command } from 'commander';
import { VERSION } from '../version.ts';
import { auditCommand } from './commands/audit.ts';
import { benchCommand } from './commands/bench.ts';
import { certificateCommand } from './commands/certificate.ts';
import { chaosCommand } from './commands/chaos.ts';
import { clientpackCommand } from './commands/clientpack.ts';
import { consoleNameCommand } from './commands/console-name.ts';
import { credentialsCommand } from './commands/credentials.ts';
import { doctorCommand } from './commands/doctor.ts';
import { drainCommand, undrainCommand } from './commands/drain.ts';
import { firewallCommand } from './commands/firewall.ts';
import { installCommand, uninstallCommand } from './commands/install.ts';
import { joinCommand } from './commands/join.ts';
import { keysetCommand } from './commands/keyset.ts';
import { labCommand } from './commands/lab.ts';
import { licenseCommand } from './commands/license.ts';
import { peeringCommand } from './commands/peering.ts';
import { routeCommand } from './commands/route.ts';
import { serveCommand } from './commands/serve.ts';
import { statusCommand } from './commands/status.ts';
import { testCommand } from './commands/test.ts';
import { tokenCommand } from './commands/token.ts';
import { userCommand } from './commands/user.ts';
import { variableCommand } from './commands/variable.ts';
import { completionScript, type Shell, shells } from './completion.ts';

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 wrong command line, 3 no controller answers, 4 the controller refuses`;

/** Makes every command throw instead of ending the process, so that one place decides about exit codes. */
function throwing(command: Command): void {
  command.exitOverride().showHelpAfterError('(--help shows how)');
  for (const verb of command.commands) throwing(verb);
}

export function buildProgram(): Command {
  const program = new Command('meshwright')
    .description('Turns Linux machines into one redundant, encrypted, self-healing network.')
    .version(VERSION)
    .enablePositionalOptions()
    .addHelpText('after', EXIT_CODES);
  for (const verb of [
    serveCommand(),
    installCommand(),
    uninstallCommand(),
    statusCommand(),
    joinCommand(),
    licenseCommand(),
    keysetCommand(),
    peeringCommand(),
    routeCommand(),
    firewallCommand(),
    variableCommand(),
    clientpackCommand(),
    drainCommand(),
    undrainCommand(),
    credentialsCommand(),
    userCommand(),
    tokenCommand(),
    certificateCommand(),
    consoleNameCommand(),
    auditCommand(),
    doctorCommand(),
    labCommand(),
    testCommand(),
    benchCommand(),
    chaosCommand(),
  ]) {
    program.addCommand(verb);
  }
  program
    .command('completion')
    .description('print the completion script of a shell')
    .addArgument(new Argument('<shell>').choices(shells))
    .action((shell: Shell) => {
      process.stdout.write(completionScript(program, shell));
    });
  throwing(program);
  return program;
}
