import { Type } from 'typebox';
import { RedeemRequest, RedeemResponse } from '../../mesh/join-protocol.ts';
import { JoinProgress } from '../../mesh/joiner.ts';
import type { NativeContext } from '../native-context.ts';
import { sourceOf } from '../source.ts';
import { Answer, answer, Loose, type Resource } from './resource.ts';

const NewCode = Type.Object({
  id: Loose('The id that the new controller gets'),
  ttl: Type.Optional(
    Type.Integer({ description: 'Seconds that the code is good for, 60 to 604800; default 3600' }),
  ),
  replace: Type.Optional(
    Type.Boolean({ description: 'The id belongs to a dead controller that is being replaced' }),
  ),
  address: Type.Optional(Type.String({ description: 'Where the new controller reaches this one' })),
});
const Code = Type.Object({ code: Type.String(), id: Type.Integer(), expires_at: Type.Integer() });
const CodeInfo = Type.Object({
  name: Type.String(),
  id: Type.Integer(),
  expires_at: Type.Integer(),
  redeemed: Type.Boolean(),
});
const Join = Type.Object({
  code: Type.String({ maxLength: 4000 }),
  address: Type.Optional(Type.String({ description: 'Where members shall reach this controller' })),
  client_address: Type.Optional(Type.String({ description: 'Where clients shall reach this controller' })),
});

/** One-step joining: a member makes a code, a fresh controller uses it. */
export const meshJoinRoutes =
  (native: () => NativeContext): Resource =>
  (api) => {
    const codes = '/mesh/join-codes';
    api.get(
      codes,
      {
        config: { permission: 'mesh:read' },
        schema: {
          summary: 'List open join codes, without their secrets',
          response: Answer(Type.Array(CodeInfo)),
        },
      },
      () => answer(native().issuer.list()),
    );
    api.post(
      codes,
      {
        config: { permission: 'mesh:write', licensed: true },
        schema: { summary: 'Make a join code for a new controller', body: NewCode, response: Answer(Code) },
      },
      ({ body }) => {
        const { issuer, mesh } = native();
        const own = body.address ?? mesh.ownAddress();
        return answer(issuer.create({ ...body, addresses: own ? [own] : [] }));
      },
    );
    api.delete(
      `${codes}/:name`,
      {
        config: { permission: 'mesh:write' },
        schema: {
          summary: 'Revoke a join code',
          params: Type.Object({ name: Type.String() }),
          response: Answer(Type.Array(CodeInfo)),
        },
      },
      ({ params }) => {
        native().issuer.revoke(params.name);
        return answer(native().issuer.list());
      },
    );
    api.post(
      '/mesh/redeem',
      {
        config: { permission: 'public', audited: true },
        schema: {
          summary: 'Redeem a join code (sealed with its secret)',
          body: RedeemRequest,
          response: Answer(RedeemResponse),
        },
      },
      (request) => {
        const granted = native().issuer.redeem(request.body, sourceOf(request));
        request.principal = { name: 'holder of a join code', permissions: new Set() };
        return answer(granted);
      },
    );
    api.get(
      '/mesh/join',
      {
        config: { permission: 'mesh:read' },
        schema: { summary: 'Show how far joining has come', response: Answer(JoinProgress) },
      },
      () => answer(native().joiner.progress()),
    );
    api.post(
      '/mesh/join',
      {
        config: { permission: 'mesh:write' },
        schema: {
          summary: 'Join an existing topology with a code',
          body: Join,
          response: Answer(JoinProgress),
        },
      },
      ({ body }) =>
        answer(native().joiner.start(body.code, body.address ?? null, body.client_address ?? null)),
    );
  };
