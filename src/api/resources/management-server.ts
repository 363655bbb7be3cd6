import { Type } from 'typebox';
import { MeshwrightError } from '../../errors/catalogue.ts';
import { Answer, answer, type Resource } from './resource.ts';

/** Clients ask for the vendor's management server. There is none here, and nothing pretends that there were. */
export const managementServerRoutes: Resource = (api) => {
  const State = Type.Object({ ip: Type.String(), alert_enabled: Type.Boolean() });
  const write = { permission: 'server:write' } as const;
  const refuse = () => {
    throw new MeshwrightError('NOT_SUPPORTED', { what: 'Management server support' });
  };
  api.get(
    '/ms',
    {
      config: { permission: 'config:read' },
      schema: { summary: 'Show the management server', response: Answer(State) },
    },
    () => answer({ ip: '', alert_enabled: false }),
  );
  api.put('/ms', { config: write, schema: { summary: 'Not supported' } }, refuse);
  api.post('/ms', { config: write, schema: { summary: 'Not supported' } }, refuse);
  api.post(
    '/ms/alert/test',
    { config: write, schema: { summary: 'Test the alert; there is none', response: Answer(Type.Boolean()) } },
    () => answer(false),
  );
};
