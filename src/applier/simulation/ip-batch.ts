import { command } from '../command.ts';

/**
 * Runs lines of `ip -batch`; a line may begin with `-4` or `-6`, which a batch knows for all of its lines only. What
 * exists already or does not fit is left out: a detail less makes a simulation no worse. `place` are words that lead into another namespace.
 */
export async function ipBatch(lines: readonly string[], place: readonly string[] = []): Promise<void> {
  const plain = lines.filter((line) => !/^-[46] /.test(line));
  await run(place, [], plain);
  for (const family of ['-4', '-6']) {
    await run(
      place,
      [family],
      lines.filter((line) => line.startsWith(`${family} `)).map((line) => line.slice(3)),
    );
  }
}

async function run(
  place: readonly string[],
  options: readonly string[],
  lines: readonly string[],
): Promise<void> {
  if (lines.length === 0) return;
  const input = `${lines.join('\n')}\n`;
  const [program = 'ip', ...rest] = [...place, 'ip'];
  await command(program, [...rest, ...options, '-force', '-batch', '-'], { input }).catch(() => undefined);
}
