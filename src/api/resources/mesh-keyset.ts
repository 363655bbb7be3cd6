import { type Static, Type } from 'typebox';
import type { NativeContext } from '../native-context.ts';
import { Answer, answer, type Resource } from './resource.ts';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const KeysetProgress = Type.Object({
  state: Type.Union([Type.Literal('absent'), Type.Literal('in_progress'), Type.Literal('present')]),
  step: Nullable(Type.String({ description: 'What an attempt does now, e.g. `generating` or `connecting`' })),
  started_at: Nullable(Type.Integer({ description: 'Unix milliseconds' })),
  failure: Nullable(
    Type.Object(
      { code: Type.String(), message: Type.String(), at: Type.Integer() },
      { description: 'Why the last attempt ended without a keyset' },
    ),
  ),
  checksum: Nullable(Type.String()),
  may_generate: Type.Boolean(),
  may_fetch: Type.Boolean(),
});
export type KeysetProgress = Static<typeof KeysetProgress>;

/** The keyset with what the wire-compatible resource has no room for: steps, named failures, what is allowed now. */
export const meshKeysetRoutes =
  (native: () => NativeContext): Resource =>
  (api) => {
    api.get(
      '/mesh/keyset',
      {
        config: { permission: 'keyset:read' },
        schema: {
          summary: 'Show the keyset and what may be done about it',
          response: Answer(KeysetProgress),
        },
      },
      () => answer(view(native())),
    );
  };

function view({ keyset, license }: NativeContext): KeysetProgress {
  const step = keyset.step();
  const isPresent = keyset.keyset() !== null;
  const isIdle = step === null && !isPresent;
  const failure = keyset.failure();
  return {
    state: step !== null ? 'in_progress' : isPresent ? 'present' : 'absent',
    step,
    started_at: step === null ? null : startedAt(keyset.status()),
    failure: failure && { ...failure, at: failure.at * 1000 },
    checksum: step === null ? keyset.fingerprint() : null,
    may_generate: isIdle && license.addressing() !== null,
    may_fetch: isIdle,
  };
}

function startedAt(status: object): number | null {
  return 'started_at_i' in status ? Number(status.started_at_i) * 1000 : null;
}
