import { Type } from 'typebox';
import { MeshwrightError } from '../../errors/catalogue.ts';
import { Answer, answer, type Resource } from './resource.ts';

/** Changes the password of the API; the very next request needs the new one. */
export const apiPasswordRoutes: Resource = (api, ctx) => {
  api.put(
    '/api_password',
    {
      config: { permission: 'password:write' },
      schema: {
        summary: 'Change the API password',
        body: Type.Object({
          password: Type.Optional(Type.String({ description: '8 to 128 characters of printable ASCII' })),
        }),
        response: Answer(Type.Object({ password_reset: Type.String() })),
      },
    },
    async ({ body }) => {
      const { password } = body;
      if (password === undefined)
        throw new MeshwrightError('PASSWORD_INVALID', { field: 'password', why: 'it is missing' });
      await ctx.apiPassword.set(password);
      return answer({ password_reset: 'ok' });
    },
  );
};
