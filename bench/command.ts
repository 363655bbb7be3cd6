import { Command, InvalidArgumentError } from 'commander';
import { CliError } from '../src/cli/cli-error.ts';

/** The command line of one measurement: its help, and an error that names what was given and what is needed. Ends with code 2 then. */
export function benchCommand(name: string, about: string): Command {
  process.on('uncaughtException', (error) => {
    // That a lab runs already is no defect of a measurement, and needs no stack.
    console.error(error instanceof CliError ? `meshwright: ${error.message}` : error);
    process.exit(1);
  });
  return new Command(`meshwright bench ${name}`)
    .description(about)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
}

/** The arguments of a measurement, as parsed, in their order. */
export function argumentsOf<T extends unknown[]>(command: Command): T {
  return command.parse().processedArgs as T;
}

/** The options of a measurement, as parsed. */
export function optionsOf<T extends object>(command: Command): T {
  return command.parse().opts<T>();
}

export function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('A whole number is needed.');
  return Number(text);
}

export const wholes = (text: string): number[] => words(text).map(whole);

export const words = (text: string): string[] => text.split(',').filter((word) => word !== '');
