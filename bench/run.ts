import { pathToFileURL } from 'node:url';
import { CliError } from '../src/cli/cli-error.ts';

/**
 * Runs one measurement, `node bench/run.ts FILE [ARGV...]`. What is made for people, as that a lab runs already, is no defect of
 * it and is said without a stack.
 */
const [file] = process.argv.splice(2, 1) as [string];
try {
  await import(pathToFileURL(file).href);
} catch (error) {
  console.error(error instanceof CliError ? `meshwright: ${error.message}` : error);
  process.exitCode = 1;
}
