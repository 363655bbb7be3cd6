/** One program of a test run. */
export interface Step {
  readonly name: string;
  readonly argv: readonly string[];
}

export const tiers = ['all', 'check', 'unit', 'e2e', 'browser'] as const;
export type Tier = (typeof tiers)[number];

const vitest = (tier: string, filter: readonly string[]): Step => ({
  name: tier,
  argv: ['vitest', 'run', '--project', tier, '--passWithNoTests', ...filter],
});

/** `check` and `unit` need no root; the others build a lab. */
export function stepsOf(tier: Tier, filter: readonly string[] = []): Step[] {
  switch (tier) {
    case 'check':
      return [
        { name: 'types', argv: ['tsc', '-p', 'tsconfig.json'] },
        { name: 'style', argv: ['biome', 'check', '.'] },
      ];
    case 'unit':
    case 'e2e':
    case 'browser':
      return [vitest(tier, filter)];
    case 'all':
      return (['check', 'unit', 'e2e', 'browser'] as const).flatMap((one) => stepsOf(one, filter));
  }
}
