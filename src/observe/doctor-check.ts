import { type Static, Type } from 'typebox';

/** One thing that was looked at, and what to do about it when it is not as it should be. */
export const DoctorCheck = Type.Object({
  name: Type.String(),
  state: Type.Union([
    Type.Literal('ok'),
    Type.Literal('warn'),
    Type.Literal('fail'),
    Type.Literal('unknown'),
  ]),
  text: Type.String(),
  remedy: Type.String(),
});
export type DoctorCheck = Static<typeof DoctorCheck>;

export function check(
  name: string,
  isGood: boolean,
  good: string,
  bad: string,
  remedy: string,
  state: 'fail' | 'warn' = 'fail',
): DoctorCheck {
  return isGood ? { name, state: 'ok', text: good, remedy: '' } : { name, state, text: bad, remedy };
}
