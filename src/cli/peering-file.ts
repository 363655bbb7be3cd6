import { CliError, ExitCode } from './cli-error.ts';

export interface PeeringRows {
  /** Null leaves the controller's own id as it is. */
  self: number | null;
  rows: { id: number; address: string; mtu?: number }[];
}

/**
 * Reads a peering table: JSON as the API has it, or lines of `id address [mtu]` with one `self id`, blank lines
 * and comments after #.
 */
export function parseRows(text: string): PeeringRows {
  if (text.trimStart().startsWith('{')) return fromJson(text);
  const found: PeeringRows = { self: null, rows: [] };
  for (const [index, line] of text.split('\n').entries()) {
    const words = line.replace(/#.*/, '').trim().split(/\s+/).filter(Boolean);
    if (words.length === 0) continue;
    if (words[0] === 'self' && words.length === 2) found.self = number(words[1]!, index);
    else if (words.length === 2 || words.length === 3) {
      const mtu = words[2] === undefined ? {} : { mtu: number(words[2], index) };
      found.rows.push({ id: number(words[0]!, index), address: words[1]!, ...mtu });
    } else throw new CliError(`line ${index + 1}: write \`id address [mtu]\` or \`self id\``, ExitCode.usage);
  }
  return found;
}

function number(word: string, index: number): number {
  if (!/^\d+$/.test(word)) throw new CliError(`line ${index + 1}: ${word} is no number`, ExitCode.usage);
  return Number(word);
}

function fromJson(text: string): PeeringRows {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new CliError(`not valid JSON: ${(error as Error).message}`, ExitCode.usage);
  }
  const { self = null, peers } = value as { self?: number | null; peers?: PeeringRows['rows'] };
  if (!Array.isArray(peers)) throw new CliError('the JSON has no list `peers`', ExitCode.usage);
  return { self, rows: peers };
}
