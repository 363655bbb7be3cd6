import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { postJson, RequestFailure } from '../net/post-json.ts';
import { API_PORT } from '../paths.ts';

/**
 * One controller asks another, over the API port, what it knows about their link. It answers only a caller that
 * proves that it has the same keyset; anybody else learns that the keysets differ and nothing more. This tells "far
 * side has no row for us" from "port blocked one way" when no packet passes the tunnel.
 */
export const HelloRequest = Type.Object({
  from: Type.Integer({ minimum: 0, maximum: 10 }),
  /** The caller's process: tells apart even two machines that were copied from each other. */
  run: Type.String({ minLength: 1, maxLength: 32 }),
  nonce: Type.String({ minLength: 16, maxLength: 64 }),
  proof: Type.String({ maxLength: 64 }),
});
export type HelloRequest = Static<typeof HelloRequest>;

const HelloFacts = Type.Object({
  id: Type.Union([Type.Integer(), Type.Null()]),
  instance: Type.Integer(),
  run: Type.String(),
  version: Type.String(),
  checksum: Type.String(),
  name: Type.String(),
  hasRow: Type.Boolean(),
  hearsUs: Type.Boolean(),
  /** The instance that the far side takes for the caller, when it knows one. */
  takesYouFor: Type.Union([Type.Integer(), Type.Null()]),
  /** Unix milliseconds. */
  clock: Type.Integer(),
});
export type HelloFacts = Static<typeof HelloFacts>;

export const HelloResponse = Type.Union([
  Type.Object({ match: Type.Literal(false) }),
  Type.Object({ match: Type.Literal(true), facts: HelloFacts, proof: Type.String() }),
]);
export type HelloResponse = Static<typeof HelloResponse>;

/** What came of asking. */
export type Hello = ({ readonly kind: 'answer' } & HelloFacts) | HelloFailure;

export interface HelloFailure {
  readonly kind: 'other_keyset' | 'not_meshwright' | 'unreachable';
  readonly text: string;
}

function proof(secret: Buffer, ...parts: string[]): string {
  const key = Buffer.from(hkdfSync('sha256', secret, 'meshwright', 'hello', 32));
  return createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64');
}

function sameProof(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Serves one hello. `facts` is called only for a caller with our keyset. */
export function answerHello(
  secret: Buffer | null,
  request: HelloRequest,
  facts: () => HelloFacts,
): HelloResponse {
  const { from, run, nonce } = request;
  if (!secret || !sameProof(request.proof, proof(secret, 'ask', nonce, String(from), run))) {
    return { match: false };
  }
  const answer = facts();
  return {
    match: true,
    facts: answer,
    proof: proof(secret, 'answer', nonce, JSON.stringify(answer)),
  };
}

/** Asks the controller at `address` (already resolved). Never rejects: every outcome is a fact about the link. */
export async function askHello(
  secret: Buffer,
  { from, run }: Pick<HelloRequest, 'from' | 'run'>,
  address: string,
  timeoutMs = 3000,
): Promise<Hello> {
  const nonce = randomBytes(24).toString('base64');
  const body: HelloRequest = { from, run, nonce, proof: proof(secret, 'ask', nonce, String(from), run) };
  let answer: unknown;
  try {
    answer = await postJson({ host: address, port: API_PORT, path: '/api/mesh/hello', body, timeoutMs });
  } catch (error) {
    if (error instanceof RequestFailure && error.kind !== 'nonsense')
      return { kind: 'unreachable', text: error.message };
    return { kind: 'not_meshwright', text: 'what answers there is not a Meshwright controller' };
  }
  const response = (answer as { response?: unknown }).response;
  if (!Value.Check(HelloResponse, response)) {
    return { kind: 'not_meshwright', text: 'what answers there is not a Meshwright controller' };
  }
  if (
    !response.match ||
    !sameProof(response.proof, proof(secret, 'answer', nonce, JSON.stringify(response.facts)))
  ) {
    return { kind: 'other_keyset', text: 'the controller there has another keyset' };
  }
  return { kind: 'answer', ...response.facts };
}
