import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import { type TSchema, Type } from 'typebox';
import type { ApiContext } from '../context.ts';
import type { Typebox } from '../validation.ts';

export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  Typebox
>;

/** One resource: it puts its routes on the API. Nothing of the context is touched before a request comes in. */
export type Resource = (api: Api, ctx: ApiContext) => void;

/** The schema of a success body. */
export const Answer = <T extends TSchema>(schema: T) => ({ 200: Type.Object({ response: schema }) });

/** A success body. */
export const answer = <T>(response: T) => ({ response });

/** A string to which the empty string is a value and not "not given". */
export const Emptiable = (description: string) =>
  Type.Optional(Type.String({ description, 'x-keep-empty': true }));

/** A value that its handler parses itself, because the contract prescribes the words of its errors. */
export const Loose = (description: string) => Type.Unknown({ description });
