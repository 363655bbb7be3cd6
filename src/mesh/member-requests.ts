import { type Static, type TSchema, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { HeldClient } from '../clientpack/held-client.ts';
import { catalogue, type ErrorCode, MeshwrightError } from '../errors/catalogue.ts';
import { LinkReport } from '../observe/far-links.ts';
import type { ControllerId } from '../topology/controller-id.ts';

/**
 * What one member may ask another, beside exchanging records. Each request is for something that only the asked one
 * can do or knows; everything else is in the records.
 */
const Address = Type.String({ pattern: '^\\d{1,3}(\\.\\d{1,3}){3}$' });
const Addresses = Type.Array(Address, { maxItems: 8192 });
const Nothing = Type.Object({});

export const memberRequests = {
  /** Whether the controller process lives and knows these requests. */
  ping: { ask: Nothing, answer: Nothing },
  /** Hand out one of your packs. */
  packNext: {
    ask: Type.Object({
      low: Type.Union([Address, Type.Null()]),
      high: Type.Union([Address, Type.Null()]),
      includeDisabled: Type.Boolean(),
    }),
    answer: Type.Object({ address: Type.Union([Address, Type.Null()]) }),
  },
  /** Set the mark of packs that are yours. Answers how many were still yours. */
  packCheckout: {
    ask: Type.Object({ addresses: Addresses, checkedOut: Type.Boolean() }),
    answer: Type.Object({ done: Type.Integer() }),
  },
  /** The clients that are attached to you. */
  clients: { ask: Nothing, answer: Type.Object({ clients: Type.Array(HeldClient, { maxItems: 8192 }) }) },
  /** This is how my links are. */
  links: { ask: LinkReport, answer: Nothing },
  /** Cut the sessions of these clients if they are attached to you. */
  clientCut: { ask: Type.Object({ addresses: Addresses }), answer: Type.Object({ cut: Addresses }) },
} as const;

export type RequestKind = keyof typeof memberRequests;
export type Ask<K extends RequestKind> = Static<(typeof memberRequests)[K]['ask']>;
export type AnswerTo<K extends RequestKind> = Static<(typeof memberRequests)[K]['answer']>;
type Handler<K extends RequestKind> = (ask: Ask<K>, from: ControllerId) => AnswerTo<K> | Promise<AnswerTo<K>>;

/** A refusal that keeps its meaning on the way between two members. */
const Refusal = Type.Object({
  refused: Type.Object({
    code: Type.String(),
    detail: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
  }),
});

/** Reports come all the time, so shapes are compiled, each when it is first seen. */
const compiled = new Map<TSchema, (value: unknown) => boolean>();

function fits(schema: TSchema, value: unknown): boolean {
  let check = compiled.get(schema);
  if (!check) {
    const validator = Compile(schema);
    check = (candidate) => validator.Check(candidate);
    compiled.set(schema, check);
  }
  return check(value);
}

/** Who answers which request on this controller. */
export class MemberRequests {
  readonly #handlers = new Map<RequestKind, Handler<never>>();

  constructor() {
    this.on('ping', () => ({}));
  }

  on<K extends RequestKind>(kind: K, handler: Handler<K>): void {
    this.#handlers.set(kind, handler as Handler<never>);
  }

  /** The body to send back; throws on what no member would ask. */
  async answer(kind: string, body: unknown, from: ControllerId): Promise<unknown> {
    const handler = this.#handlers.get(kind as RequestKind);
    if (!handler || !fits(memberRequests[kind as RequestKind].ask, body)) throw new Error('malformed');
    try {
      return await handler(body as never, from);
    } catch (error) {
      if (!(error instanceof MeshwrightError)) throw error;
      return { refused: { code: error.code, detail: error.detail } };
    }
  }
}

/** Reads what a member answered; its refusals are thrown here as if they were our own. */
export function readAnswer<K extends RequestKind>(kind: K, answer: unknown): AnswerTo<K> {
  if (fits(Refusal, answer)) {
    const { refused } = answer as Static<typeof Refusal>;
    if (Object.hasOwn(catalogue, refused.code))
      throw new MeshwrightError(refused.code as ErrorCode, refused.detail);
  }
  if (!fits(memberRequests[kind].answer, answer)) throw new Error('answered with something else');
  return answer as AnswerTo<K>;
}
