import { Type } from 'typebox';
import { FirewallTest } from '../../desired/firewall.ts';
import type { FirewallModel } from '../../firewall/model.ts';
import type { ApiContext } from '../context.ts';
import { CarefulQuery, change } from './firewall-change.ts';
import { V2 } from './firewall-rules.ts';
import { Answer, answer, type Resource } from './resource.ts';

const Version = Type.Object({ at: Type.Integer(), by: Type.Integer() });
const Status = Type.Object({
  sealed: Type.Boolean(),
  clients_may_manage: Type.Boolean(),
  rules: Type.Integer(),
  broken: Type.Array(
    Type.Object({ kind: Type.String(), of: Type.String(), text: Type.String(), why: Type.String() }),
    { description: 'What is stored but cannot be in force now' },
  ),
  pending: Type.Union([
    Type.Object({ id: Type.String(), deadline: Type.Integer(), seconds_left: Type.Integer() }),
    Type.Null(),
  ]),
  conflicts: Type.Array(
    Type.Object({ kind: Type.String(), name: Type.String(), winner: Version, loser: Version }),
  ),
});
const TestResults = Type.Array(
  Type.Object({
    name: Type.String(),
    expect: Type.String(),
    got: Type.Union([Type.String(), Type.Null()]),
    detail: Type.String(),
  }),
);
const Tests = Type.Object({ tests: Type.Array(FirewallTest, { maxItems: 100 }) });

/** What Meshwright adds to firewall 2.0: confirmation, sealing, tests, counters. */
export const firewallControlRoutes: Resource = (api, ctx) => {
  const read = { permission: 'firewall:read', ...V2 } as const;
  const write = { permission: 'firewall:write', ...V2 } as const;

  api.get(
    '/v2/firewall/status',
    { config: read, schema: { summary: 'Show how the firewall stands', response: Answer(Status) } },
    () => answer(status(ctx)),
  );
  api.put(
    '/v2/firewall/settings',
    {
      config: write,
      schema: {
        summary: 'Seal the underlay, or let overlay clients manage',
        querystring: CarefulQuery,
        body: Type.Object({
          sealed: Type.Optional(
            Type.Boolean({
              description:
                'The underlay is closed but for tunnels of configured peers; management only over the overlay',
            }),
          ),
          clients_may_manage: Type.Optional(Type.Boolean()),
        }),
        response: Answer(Status),
      },
    },
    ({ body, query }) => {
      const edit = (model: FirewallModel): FirewallModel => ({
        ...model,
        settings: {
          sealed: body.sealed ?? model.settings.sealed,
          clientsMayManage: body.clients_may_manage ?? model.settings.clientsMayManage,
        },
      });
      return change(ctx, query, edit, () => status(ctx));
    },
  );
  for (const [word, summary] of [
    ['confirm', 'Keep the change that waits for its confirmation'],
    ['cancel', 'Undo the change that waits for its confirmation'],
  ] as const) {
    api.post(
      `/v2/firewall/${word}`,
      { config: write, schema: { summary, response: Answer(Status) } },
      async () => {
        await ctx.firewall[word]();
        return answer(status(ctx));
      },
    );
  }
  api.get(
    '/v2/firewall/counters',
    {
      config: read,
      schema: {
        summary: 'Packets and bytes that met each rule',
        response: Answer(
          Type.Array(Type.Object({ id: Type.String(), packets: Type.Integer(), bytes: Type.Integer() })),
        ),
      },
    },
    async () => answer(await ctx.firewall.counters()),
  );
  api.get(
    '/v2/firewall/tests',
    { config: read, schema: { summary: 'List rule tests', response: Answer(Tests) } },
    () => answer({ tests: ctx.firewall.model.tests }),
  );
  api.put(
    '/v2/firewall/tests',
    {
      config: write,
      schema: {
        summary: 'Replace the rule tests; refused when one of them fails now',
        querystring: CarefulQuery,
        body: Tests,
        response: Answer(Tests),
      },
    },
    ({ body, query }) =>
      change(
        ctx,
        query,
        (model) => ({ ...model, tests: body.tests }),
        ({ model }) => ({ tests: model.tests }),
      ),
  );
  api.post(
    '/v2/firewall/tests/run',
    {
      // It makes the applier build a network and send packets, so it is not for viewers.
      config: write,
      schema: {
        summary: 'Run rule tests against what is in force: those given, or the stored ones',
        body: Type.Object({ tests: Type.Optional(Type.Array(FirewallTest, { maxItems: 100 })) }),
        response: Answer(TestResults),
      },
    },
    async ({ body }) => {
      const tests = body.tests ?? ctx.firewall.model.tests;
      const check = await ctx.firewall.runTests(tests);
      const results = tests.map(({ name, expect }, at) => {
        const { got = null, detail = 'this controller is not part of a topology yet' } =
          check?.tests[at] ?? {};
        return { name, expect, got, detail };
      });
      return answer(results);
    },
  );
};

function status(ctx: ApiContext) {
  const { model, pending } = ctx.firewall;
  const { problems } = ctx.firewall.resolution();
  return {
    sealed: model.settings.sealed,
    clients_may_manage: model.settings.clientsMayManage,
    rules: model.rules.length,
    broken: problems
      .filter(({ harmless }) => !harmless)
      .map(({ kind, of, text, why }) => ({ kind, of, text, why })),
    pending: pending && {
      id: pending.id,
      deadline: pending.deadline,
      seconds_left: Math.max(0, Math.ceil((pending.deadline - Date.now()) / 1000)),
    },
    conflicts: ctx.syncConflicts(),
  };
}
