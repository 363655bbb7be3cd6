import type { FastifyRequest } from 'fastify';
import { type ErrorCode, MeshwrightError } from '../errors/catalogue.ts';
import type { ApiContext } from './context.ts';
import { sourceOf } from './source.ts';

/** What counts as a guess. */
const WRONG: ReadonlySet<ErrorCode> = new Set([
  'LOGIN_FAILED',
  'SETUP_CODE_WRONG',
  'PASSWORD_WRONG',
  'SECOND_FACTOR_WRONG',
  'ACCESS_URL_REFUSED',
] as const);

/** Does something that somebody could try over and over to guess a secret. */
export async function guarded<T>(
  { access: { throttle } }: ApiContext,
  request: FastifyRequest,
  account: string | undefined,
  check: () => Promise<T>,
): Promise<T> {
  const source = sourceOf(request);
  await throttle.admit(source, account);
  let result: T;
  try {
    result = await check();
  } catch (error) {
    if (error instanceof MeshwrightError && WRONG.has(error.code)) throttle.failed(source, account);
    throw error;
  }
  throttle.succeeded(source, account);
  return result;
}
