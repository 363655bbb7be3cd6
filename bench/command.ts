import { Command, InvalidArgumentError } from 'commander';

/** The command line of one measurement: its help, and an error that names what was given and what is needed. Ends with code 2 then. */
export function benchCommand(name: string, about: string): Command {
  return new Command(`meshwright bench ${name}`)
    .description(about)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
}

/** The arguments of a measurement, as parsed, in their order. */
export function argumentsOf<T extends unknown[]>(command: Command): T {
  return command.parse().processedArgs as T;
}

/** The command line of a measurement that can be told one number: `argument` is its name, `usual` what it is without being told. */
export function numberOf(name: string, about: string, argument: string, what: string, usual: number): number {
  return argumentsOf<[number]>(benchCommand(name, about).argument(`[${argument}]`, what, whole, usual))[0];
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

/** A list of words, each of them a part of one of these names, in whatever case. */
export function partsOf(names: readonly string[]): (text: string) => string[] {
  return (text) => {
    const given = words(text.toLowerCase());
    const strange = given.find((word) => !names.some((name) => name.includes(word)));
    if (strange === undefined) return given;
    throw new InvalidArgumentError(`${strange} is part of none of ${names.join(', ')}.`);
  };
}

export const words = (text: string): string[] => text.split(',').filter((word) => word !== '');
