/** One program of a test run. */
export interface Step {
  readonly name: string;
  readonly argv: readonly string[];
}

export const tiers = ['check', 'unit', 'e2e', 'browser'] as const;
export type Tier = (typeof tiers)[number];

/** `check` and `unit` need no root; the others build a lab. */
export function stepsOf(tier: Tier, filter: readonly string[] = []): Step[] {
  switch (tier) {
    case 'check':
      return [
        { name: 'types', argv: ['tsc', '-p', 'tsconfig.json'] },
        { name: 'console types', argv: ['tsc', '-p', 'web/tsconfig.json'] },
        { name: 'style', argv: ['biome', 'check', '.'] },
      ];
    case 'unit':
      return [vitest('unit', filter), vitest('hostile', filter)];
    case 'e2e':
      return [vitest('e2e', filter)];
    case 'browser':
      return [
        { name: 'console', argv: ['vite', 'build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'] },
        vitest('browser', filter),
      ];
  }
}

function vitest(tier: Tier | 'hostile', filter: readonly string[]): Step {
  return { name: tier, argv: ['vitest', 'run', '--project', tier, '--passWithNoTests', ...filter] };
}

export interface Count {
  readonly passed: number;
  readonly failed: number;
}

/**
 * What a step's output says of its tests. A step without a test runner counts as one test; a runner that ended
 * badly without naming a failed test (it crashed, or a hook failed) counts as one failure.
 */
export function countOf(output: string, code: number): Count {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control sequences
  const plain = output.replace(/\u001b\[[0-9;]*m/g, '');
  const line = /^\s*Tests\s+(.*)$/m.exec(plain)?.[1];
  if (line === undefined) return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  const number = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(line)?.[1] ?? 0);
  const failed = number('failed');
  return { passed: number('passed'), failed: failed === 0 && code !== 0 ? 1 : failed };
}
