import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { newRecoveryCodes, newTotp, totpUri } from '../../access/totp.ts';
import type { User } from '../../access/users.ts';
import { MeshwrightError } from '../../errors/catalogue.ts';
import type { ApiContext } from '../context.ts';
import { guarded } from '../guarded.ts';
import { Answer, answer, type Resource } from './resource.ts';

const Begun = Type.Object({
  secret: Type.String({ description: 'For typing into an app, in base 32' }),
  uri: Type.String({ description: 'For the QR code' }),
});
const Code = Type.Object({ code: Type.String({ maxLength: 64 }) });
const RecoveryCodes = Type.Object({
  recovery_codes: Type.Array(Type.String(), { description: 'Each lets you in once; shown only now' }),
});
const State = Type.Object({ second_factor: Type.Boolean(), recovery_codes_left: Type.Integer() });

/** The second factor of whoever is logged in. Nobody can turn on that of somebody else. */
export const sessionTotpRoutes: Resource = (api, ctx) => {
  const path = '/session/second-factor';
  const config = { permission: 'self:write' } as const;
  api.get(
    path,
    {
      config: { permission: 'self:read' },
      schema: { summary: 'Show your own second factor', response: Answer(State) },
    },
    (request) => answer(stateOf(ownUser(ctx, request))),
  );
  api.post(
    path,
    { config, schema: { summary: 'Begin with a second factor', response: Answer(Begun) } },
    (request) => {
      const user = ownUser(ctx, request);
      if (user.totp?.confirmed) throw new MeshwrightError('SECOND_FACTOR_ON');
      const totp = newTotp();
      ctx.access.users.setTotp(user.id, totp);
      const issuer = `Meshwright ${ctx.names.controllerName()}`.trim().replaceAll(':', ' ');
      return answer({ secret: totp.secret, uri: totpUri(totp, user.name, issuer) });
    },
  );
  api.put(
    path,
    {
      config,
      schema: {
        summary: 'Turn the second factor on with a first code',
        body: Code,
        response: Answer(RecoveryCodes),
      },
    },
    async (request) => {
      const user = ownUser(ctx, request);
      if (user.totp?.confirmed) throw new MeshwrightError('SECOND_FACTOR_ON');
      const accepted = await checked(ctx, request, user, request.body.code);
      const { codes, digests } = newRecoveryCodes();
      ctx.access.users.setTotp(user.id, { ...accepted, confirmed: true, recovery: digests });
      return answer({ recovery_codes: codes });
    },
  );
  api.delete(
    path,
    {
      config,
      schema: {
        summary: 'Turn the second factor off with a last code',
        body: Code,
        response: Answer(State),
      },
    },
    async (request) => {
      const user = ownUser(ctx, request);
      await checked(ctx, request, user, request.body.code);
      ctx.access.users.setTotp(user.id, null);
      return answer(stateOf(ownUser(ctx, request)));
    },
  );
};

function checked(ctx: ApiContext, request: FastifyRequest, user: User, code: string) {
  return guarded(ctx, request, user.name, async () => ctx.access.secondFactor.accept(user.id, code));
}

function stateOf({ totp }: User) {
  const on = totp?.confirmed ?? false;
  return { second_factor: on, recovery_codes_left: on ? totp!.recovery.length : 0 };
}

/** A token or an access URL has no phone: only somebody who logged in with a password of his own has. */
function ownUser({ access: { users } }: ApiContext, { principal }: FastifyRequest): User {
  const user = principal?.session && principal.userId ? users.byId(principal.userId) : null;
  if (!user) throw new MeshwrightError('SESSION_ONLY');
  return user;
}
