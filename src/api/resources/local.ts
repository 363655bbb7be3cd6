import { Type } from 'typebox';
import { Answer, answer, type Resource } from './resource.ts';

const Credentials = Answer(
  Type.Object({
    username: Type.String(),
    password: Type.Union([Type.String(), Type.Null()], { description: 'Null when it was already shown' }),
    note: Type.String(),
    setup_code: Type.Union([Type.String(), Type.Null()], {
      description: 'Lets its holder set up the user of the console; null once that was done',
    }),
  }),
);

/** What only the machine itself may ask, over the control socket. */
export const localRoutes: Resource = (api, ctx) => {
  const config = { permission: 'local' } as const;
  const credentials = () => {
    const password = ctx.apiPassword.takeInitialPassword();
    const note = password
      ? 'Shown once: it is not kept in plain text from here on'
      : 'The password was already shown or was chosen by an operator; reset it to get a new one';
    const { account, setupCode } = ctx.access;
    return answer({
      username: 'api',
      password,
      note,
      setup_code: account.setupOpen ? setupCode.current() : null,
    });
  };
  api.get(
    '/local/credentials',
    { config, schema: { summary: 'Show the generated API password once', response: Credentials } },
    () => credentials(),
  );
  api.post(
    '/local/credentials/reset',
    {
      config,
      schema: { summary: 'Replace the API password by a new random one and show it', response: Credentials },
    },
    async () => {
      await ctx.apiPassword.reset();
      return credentials();
    },
  );
};
