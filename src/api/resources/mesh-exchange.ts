import { Type } from 'typebox';
import { FinishRequest, StartRequest } from '../../keyset/exchange-wire.ts';
import { answerHello, HelloRequest, HelloResponse } from '../../mesh/hello.ts';
import type { NativeContext } from '../native-context.ts';
import { Answer, answer, type Resource } from './resource.ts';

/**
 * What controllers ask each other before or without a tunnel. No login: each payload carries its own proof, and
 * a caller without one learns nothing but that it has none.
 */
export const meshExchangeRoutes =
  (native: () => NativeContext): Resource =>
  (api) => {
    const config = { permission: 'public' } as const;
    const source = (ip: string) => ip.replace(/^::ffff:/, '');
    api.post(
      '/mesh/hello',
      {
        config,
        schema: {
          summary: 'Compare notes about a link (keyset holders only)',
          body: HelloRequest,
          response: Answer(HelloResponse),
        },
      },
      ({ body }) => {
        const { mesh, helloSecret } = native();
        return answer(answerHello(helloSecret(), body, () => mesh.greetings.helloFacts(body)));
      },
    );
    api.post(
      '/mesh/keyset-exchange/start',
      {
        config,
        schema: {
          summary: 'First step of a keyset fetch (PAKE)',
          body: StartRequest,
          response: Answer(Type.Unknown()),
        },
      },
      async ({ body, ip }) => answer(await native().exchange.start(body, source(ip))),
    );
    api.post(
      '/mesh/keyset-exchange/finish',
      {
        config,
        schema: {
          summary: 'Second step of a keyset fetch',
          body: FinishRequest,
          response: Answer(Type.Unknown()),
        },
      },
      async (request) => {
        const told = await native().exchange.finish(request.body);
        if ('sealed' in told) {
          request.principal = { name: 'holder of the security token', permissions: new Set() };
        }
        return answer(told);
      },
    );
  };
