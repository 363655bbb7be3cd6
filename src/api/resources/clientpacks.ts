import { Type } from 'typebox';
import type { PackWish } from '../../clientpack/pack-homes.ts';
import { invalid, MeshwrightError } from '../../errors/catalogue.ts';
import { type Ipv4, parseIpv4, toInt } from '../../net/ipv4.ts';
import type { ApiContext } from '../context.ts';
import { describePack, describePacks, WirePack, wirePack } from './clientpack-wire.ts';
import { Answer, answer, Loose, type Resource } from './resource.ts';

/** Flags that published clients send; there is nothing behind them here, so they change nothing. */
export const ignoredFlags = {
  auth_on: Type.Optional(Type.Boolean({ description: 'Accepted and without effect' })),
  psk_on: Type.Optional(
    Type.Boolean({ description: 'Accepted and without effect: WireGuard always has one' }),
  ),
};
export const compression = Type.Optional(
  Type.Union([Type.Literal('on'), Type.Literal('off')], {
    description: 'Kept and shown, without effect: compressed tunnels leak what they carry (VORACLE)',
  }),
);

const Flags = Type.Object({ enabled: Type.Boolean(), checked_out: Type.Boolean() });
const Task = Type.Object({ token: Type.String(), status: Type.String() });
/** How long an addition may take until its task has failed; the addition itself stays. */
const ADDITION_MS = 60_000;

/** All clientpacks at once: list, bulk changes, the next free one, more of them. */
export const clientpacksRoutes: Resource = (api, ctx) => {
  const read = { permission: 'clientpacks:read' } as const;
  const write = { permission: 'clientpacks:write' } as const;

  api.get(
    '/clientpacks',
    {
      config: read,
      schema: {
        summary: 'List clientpacks by overlay address',
        querystring: Type.Object({ sorted: Type.Optional(Type.Boolean()) }),
        response: Answer(Type.Record(Type.String(), WirePack)),
      },
    },
    async () => {
      ctx.clientpacks.requireKeyset();
      return answer(await describePacks(ctx.clientpacks));
    },
  );
  api.put(
    '/clientpacks',
    {
      config: { ...write, licensed: true },
      schema: {
        summary: 'Change all clientpacks',
        body: Type.Object({
          enabled: Type.Optional(Type.Boolean()),
          checked_out: Type.Optional(Type.Boolean()),
          compression,
          ...ignoredFlags,
          async: Type.Optional(Type.Boolean({ description: 'Answer with a task token at once' })),
        }),
        response: Answer(Type.Union([Flags, Task])),
      },
    },
    async ({ body }) => {
      ctx.clientpacks.requireKeyset();
      const { async: inBackground, ...changes } = body;
      if (Object.keys(changes).length === 0) throw new MeshwrightError('NOTHING_TO_DO');
      const work = () => changeAll(ctx, changes);
      if (inBackground) return answer(startTask(ctx, 'change of all clientpacks', work));
      await work();
      const packs = ctx.clientpacks.book.packs();
      return answer({
        enabled: changes.enabled ?? packs.every((pack) => pack.enabled),
        checked_out: changes.checked_out ?? packs.every((pack) => pack.checkout !== null),
      });
    },
  );
  api.get(
    '/clientpacks/:name',
    {
      config: read,
      schema: {
        summary: 'Show a clientpack',
        params: Type.Object({ name: Type.String() }),
        response: Answer(Type.Object({ clientpack: WirePack })),
      },
    },
    async ({ params }) => {
      ctx.clientpacks.requireKeyset();
      const pack = ctx.clientpacks.book.named(params.name, 'PACK_NOT_FOUND');
      return answer({ clientpack: await describePack(ctx.clientpacks, pack) });
    },
  );
  api.post(
    '/clientpacks/next_available',
    {
      config: write,
      schema: {
        summary: 'Check out the next free clientpack',
        body: Type.Object({
          low_ip: Type.Optional(Loose('Lowest address that will do')),
          high_ip: Type.Optional(Loose('Highest address that will do')),
          include_disabled: Type.Optional(Type.Boolean({ default: false })),
        }),
        response: Answer(WirePack),
      },
    },
    async ({ body }) => {
      ctx.clientpacks.requireKeyset();
      const address = await ctx.clientpacks.homes.next(wishOf(body));
      const pack = ctx.clientpacks.book.find(address);
      if (!pack) throw new MeshwrightError('PACK_HOME_CHANGED', { name: address });
      const client = await ctx.clientpacks.directory.find(address);
      // Its home has marked it, also when the record has not come back to us yet.
      return answer({ ...wirePack(ctx.clientpacks, pack, client), checked_out: true });
    },
  );
  api.post(
    '/clientpacks/add_clientpacks',
    {
      config: write,
      schema: {
        summary: 'Add clients with these addresses, within the licence',
        body: Type.Object({ requested_ips: Type.String({ description: 'Addresses, separated by commas' }) }),
        response: Answer(Type.String({ description: 'Task token' })),
      },
    },
    async ({ body }) => {
      ctx.clientpacks.requireKeyset();
      const addresses = ctx.clientpacks.service.parseAdditions(body.requested_ips);
      await ctx.clientpacks.homes.requireKeeper();
      ctx.clientpacks.service.add(addresses);
      const { token } = startTask(ctx, 'adding clientpacks', async () => {
        await ctx.clientpacks.maker.whenMade(addresses, ADDITION_MS);
        await ctx.apply();
      });
      return answer(token);
    },
  );
};

interface Changes {
  enabled?: boolean;
  checked_out?: boolean;
  compression?: 'on' | 'off';
}

/** The mark first: it alone can be refused, and then nothing else has changed. */
async function changeAll({ clientpacks, apply }: ApiContext, changes: Changes): Promise<void> {
  const packs = clientpacks.book.packs();
  if (changes.checked_out !== undefined) await clientpacks.homes.setCheckedOut(packs, changes.checked_out);
  if (changes.enabled !== undefined) clientpacks.service.setEnabled(packs, changes.enabled);
  if (changes.compression !== undefined) clientpacks.service.setCompression(packs, changes.compression);
  await apply();
}

export function startTask(ctx: ApiContext, what: string, work: () => Promise<void>) {
  const token = ctx.tasks.start(work, (error) => console.error(`task ${what}:`, error));
  return { token, status: ctx.tasks.status(token) ?? 'running' };
}

function wishOf(body: { low_ip?: unknown; high_ip?: unknown; include_disabled?: boolean }): PackWish {
  const low = addressOf('low_ip', body.low_ip);
  const high = addressOf('high_ip', body.high_ip);
  if (low !== null && high !== null && toInt(low) > toInt(high))
    throw invalid('high_ip', `must not be below low_ip ${low}`, high);
  return { low, high, includeDisabled: body.include_disabled ?? false };
}

function addressOf(field: string, value: unknown): Ipv4 | null {
  if (value === undefined || value === null || value === '') return null;
  const address = typeof value === 'string' ? parseIpv4(value.trim()) : null;
  if (!address) throw invalid(field, 'must be an IPv4 address', value);
  return address;
}
