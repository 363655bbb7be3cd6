import { type Static, Type } from 'typebox';
import { Answer, answer, type Resource } from './resource.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Values = Nullable(Type.Record(Type.String(), Type.Unknown()));

export const Entry = Type.Object({
  seq: Type.Integer(),
  at: Type.Integer({ description: 'Unix milliseconds' }),
  actor: Type.String({
    description: 'A user, `api`, `local` (the machine itself), a token or an access URL',
  }),
  source: Type.String({ description: 'Address' }),
  action: Type.String(),
  summary: Type.String(),
  target: Type.Record(Type.String(), Type.String()),
  status: Type.Integer(),
  error: Nullable(Type.String()),
  changes: Type.Array(Type.Object({ what: Type.String(), before: Values, after: Values })),
});
export type Entry = Static<typeof Entry>;
const Time = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }));
const Filter = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Default 100' })),
  before: Time('Only entries with a smaller number'),
  actor: Type.Optional(Type.String()),
  source: Type.Optional(Type.String()),
  action: Type.Optional(Type.String({ maxLength: 200, description: 'Part of the action or its summary' })),
  outcome: Type.Optional(Type.Union([Type.Literal('done'), Type.Literal('refused')])),
  from: Time('Unix milliseconds'),
  to: Time('Unix milliseconds'),
});
const VerdictView = Type.Object({
  intact: Type.Boolean(),
  entries: Type.Integer(),
  first: Nullable(Type.Integer()),
  last: Nullable(Type.Integer()),
  head: Type.String({ description: 'Hash over everything: written down elsewhere, it proves the log later' }),
  broken_at: Nullable(Type.Integer({ description: 'The first entry that is missing or was changed' })),
});

export type Verdict = Static<typeof VerdictView>;

/** Who did what, from where, and what it changed. */
export const auditRoutes: Resource = (api, ctx) => {
  const config = { permission: 'audit:read' } as const;
  const list = (query: Static<typeof Filter>) => ctx.audit.log.list(query);
  api.get(
    '/mesh/audit',
    {
      config,
      schema: { summary: 'Read the audit log', querystring: Filter, response: Answer(Type.Array(Entry)) },
    },
    ({ query }) => answer(list(query)),
  );
  api.get(
    '/mesh/audit/verify',
    { config, schema: { summary: 'Check the audit log against its hashes', response: Answer(VerdictView) } },
    () => answer(ctx.audit.log.verify()),
  );
  api.get(
    '/mesh/audit/export',
    {
      config,
      schema: {
        summary: 'Download the audit log, one JSON object a line',
        querystring: Type.Omit(Filter, ['limit']),
      },
    },
    async ({ query }, reply) => {
      const lines = list({ ...query, limit: 1_000_000 }).map((entry) => `${JSON.stringify(entry)}\n`);
      return reply
        .type('application/octet-stream')
        .header('content-disposition', 'attachment; filename=meshwright-audit.jsonl')
        .send(Buffer.from(lines.reverse().join('')));
    },
  );
};
