import { type Static, Type } from 'typebox';
import type { ChangeOptions, FirewallService } from '../../firewall/firewall-service.ts';
import type { FirewallModel } from '../../firewall/model.ts';
import type { ApiContext } from '../context.ts';
import { answer } from './resource.ts';

/** Every route that changes the firewall can be asked to be careful. */
export const Careful = {
  confirm: Type.Optional(
    Type.Integer({
      minimum: 5,
      maximum: 3600,
      description: 'Undo the change after this many seconds unless POST /v2/firewall/confirm comes first',
    }),
  ),
  dry_run: Type.Optional(
    Type.Boolean({
      description: 'Change nothing: say what would change, what tests say, and which live flows it would cut',
    }),
  ),
} as const;
export const CarefulQuery = Type.Object(Careful);
type CarefulQuery = Static<typeof CarefulQuery>;

const Texts = Type.Array(Type.String());

/** What a dry run answers. */
export const DryRun = Type.Object({
  response: Type.Object({
    dry_run: Type.Boolean(),
    changes: Texts,
    problems: Texts,
    tests: Type.Array(
      Type.Object({
        name: Type.String(),
        expect: Type.String(),
        got: Type.Union([Type.String(), Type.Null()]),
        detail: Type.String(),
      }),
    ),
    cut: Type.Array(Type.String(), { description: 'Live flows that would be cut' }),
  }),
});

type Edit = (model: FirewallModel) => FirewallModel;

/** Makes a change, then answers with what it led to; a dry run answers with its report instead. */
export async function change(
  ctx: ApiContext,
  query: CarefulQuery,
  edit: Edit,
  view: (firewall: FirewallService) => unknown,
  options: Pick<ChangeOptions, 'removes' | 'force'> = {},
): Promise<{ response: unknown }> {
  const { confirm, dry_run: dryRun } = query;
  const report = await ctx.firewall.change(edit, { ...options, confirm, dryRun });
  return answer(dryRun ? { dry_run: true, ...report } : view(ctx.firewall));
}

export const chain =
  (...edits: readonly Edit[]): Edit =>
  (model) =>
    edits.reduce((each, edit) => edit(each), model);
