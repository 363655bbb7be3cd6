import { Type } from 'typebox';
import { type HistoryRange, LinkHistoryColumns, RANGES } from '../../observe/history.ts';
import type { NativeContext } from '../native-context.ts';
import { Answer, answer, type Resource } from './resource.ts';

const Query = Type.Object({
  peer: Type.Integer({ minimum: 1, maximum: 10 }),
  range: Type.Enum(Object.keys(RANGES) as HistoryRange[]),
});

export const meshHistoryRoutes =
  (native: () => NativeContext): Resource =>
  (api) => {
    api.get(
      '/mesh/history',
      {
        config: { permission: 'status:read' },
        schema: {
          summary: 'Show how the link to a peer was over time',
          querystring: Query,
          response: Answer(LinkHistoryColumns),
        },
      },
      ({ query }) => answer(native().history.read(query.peer, query.range)),
    );
  };
