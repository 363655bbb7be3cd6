import { Command } from 'commander';
import { groupsCommand } from './firewall/groups.ts';
import { ruleCommands } from './firewall/rules.ts';
import { safetyCommands } from './firewall/safety.ts';
import { setsCommand } from './firewall/sets.ts';
import { subtablesCommand } from './firewall/subtables.ts';

export function firewallCommand(): Command {
  const command = new Command('firewall').description(
    'rules, sets, subtables and safety of the firewall of a controller',
  );
  for (const verb of [...ruleCommands, ...safetyCommands, setsCommand(), subtablesCommand(), groupsCommand()])
    command.addCommand(verb);
  return command;
}
