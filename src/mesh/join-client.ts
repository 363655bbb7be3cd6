import { Value } from 'typebox/value';
import { MeshwrightError } from '../errors/catalogue.ts';
import { postJson, RequestFailure } from '../net/post-json.ts';
import { API_PORT } from '../paths.ts';
import { VERSION } from '../version.ts';
import { parseJoinCode } from './join-code.ts';
import { JoinGrant, MAX_CLOCK_DIFFERENCE_MS, RedeemResponse } from './join-protocol.ts';
import { ephemeral, joinKey, seal, unseal } from './sealed.ts';

const TIMEOUT_MS = 15_000;

export interface Redeemed {
  readonly grant: JoinGrant;
  /** The address at which the issuer answered; it becomes the issuer's row. */
  readonly issuer: string;
}

/**
 * Redeems a join code at its issuer, trying the issuer's addresses in turn. TLS proves nothing here (certificates
 * are self-signed); the code's secret does: without it neither the application nor the grant can be read or made.
 */
export async function redeem(text: string, address: string | null, instance: string): Promise<Redeemed> {
  const code = parseJoinCode(text);
  const own = ephemeral();
  const application = { instance, address, version: VERSION, clock: Date.now() };
  const body = {
    name: code.n,
    ephemeral: own.publicKey,
    sealed: seal(joinKey(code.s, `apply ${own.publicKey}`), application),
  };
  const failures: string[] = [];
  for (const host of code.a) {
    let answer: unknown;
    try {
      answer = await postJson({
        host,
        port: API_PORT,
        path: '/api/mesh/redeem',
        body,
        timeoutMs: TIMEOUT_MS,
      });
    } catch (error) {
      failures.push(`${host}: ${error instanceof RequestFailure ? error.message : 'failed'}`);
      continue;
    }
    return { grant: open(answer, code.s, own), issuer: host };
  }
  throw new MeshwrightError('JOIN_ISSUER_UNREACHABLE', { reasons: failures.join('; ') });
}

function open(answer: unknown, secret: string, own: ReturnType<typeof ephemeral>): JoinGrant {
  const { response, error } = answer as { response?: unknown; error?: { message?: string } };
  if (error)
    throw new MeshwrightError('JOIN_REFUSED', { reason: String(error.message ?? 'no reason given') });
  if (!Value.Check(RedeemResponse, response))
    throw new MeshwrightError('JOIN_REFUSED', { reason: 'it is not a controller' });
  let grant: unknown;
  try {
    grant = unseal(joinKey(secret, 'grant', { own, peer: response.ephemeral }), response.sealed);
  } catch {
    throw new MeshwrightError('JOIN_REFUSED', { reason: 'its answer was changed on the way' });
  }
  if (!Value.Check(JoinGrant, grant))
    throw new MeshwrightError('JOIN_REFUSED', { reason: 'its version is not compatible' });
  const difference = grant.clock - Date.now();
  if (Math.abs(difference) > MAX_CLOCK_DIFFERENCE_MS) {
    throw new MeshwrightError('JOIN_CLOCK', { seconds: Math.round(-difference / 1000) });
  }
  return grant;
}
