import { MeshwrightError } from '../errors/catalogue.ts';
import type { ApiContext } from './context.ts';

/** Clients give a call ten seconds; an applier that has not answered by then will be asked again by the reconciler. */
const PATIENCE_MS = 5000;

/** Makes stored intent effective. When that fails the intent stays stored, and the error says so. */
export async function applyIntent(ctx: Pick<ApiContext, 'apply'>, patienceMs = PATIENCE_MS): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_, reject) => {
    const reason = `the applier did not answer within ${patienceMs / 1000} s`;
    timer = setTimeout(() => reject(new MeshwrightError('APPLIER_UNAVAILABLE', { reason })), patienceMs);
  });
  try {
    await Promise.race([ctx.apply(), patience]);
  } finally {
    clearTimeout(timer);
  }
}
