import { CliError, ExitCode } from './cli-error.ts';

/** Asks on the terminal without an echo. Without a terminal it says what else the caller can do. */
export function askSecret(what: string, otherwise: string): Promise<string> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) throw new CliError(`${what} is needed: ${otherwise}`, ExitCode.usage);
  stderr.write(`${what}: `);
  stdin.setRawMode(true);
  stdin.resume();
  stdin.setEncoding('utf8');
  return new Promise((resolve, reject) => {
    let typed = '';
    const end = (finish: () => void) => {
      stdin.setRawMode(false);
      stdin.pause();
      stdin.removeListener('data', read);
      stderr.write('\n');
      finish();
    };
    const read = (text: string) => {
      for (const key of text) {
        if (key === '\r' || key === '\n') return end(() => resolve(typed));
        if (key === '\u0003' || key === '\u0004')
          return end(() => reject(new CliError('given up', ExitCode.usage)));
        if (key === '\u007f' || key === '\b') typed = typed.slice(0, -1);
        else typed += key;
      }
    };
    stdin.on('data', read);
  });
}
