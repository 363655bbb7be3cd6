import type { FastifySchemaCompiler, FastifyTypeProvider } from 'fastify';
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { invalid, MeshwrightError } from '../errors/catalogue.ts';
import { lenient } from './lenient.ts';

/** Lets handlers see the types of their schemas. */
export interface Typebox extends FastifyTypeProvider {
  validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
  serializer: unknown;
}

interface Problem {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

/** Types loosely, then validates strictly; the error names the field and the rule that it breaks. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema);
  return (data: unknown) => {
    const value = lenient(schema, data ?? {});
    if (validator.Check(value)) return { value };
    const problems = validator.Errors(value) as readonly Problem[];
    return { error: explain(problems, httpPart ?? 'request', value) };
  };
};

function explain(problems: readonly Problem[], part: string, data: unknown): MeshwrightError {
  const byKeyword = (keyword: string) => problems.find((problem) => problem.keyword === keyword);
  const problem = byKeyword('required') ?? byKeyword('anyOf') ?? problems[0]!;
  const field = problem.instancePath
    .slice(1)
    .replaceAll(/\/(\d+)(?=\/|$)/g, '[$1]')
    .replaceAll('/', '.');
  if (problem.keyword === 'required') {
    const [missing] = (problem.params as { requiredProperties: string[] }).requiredProperties;
    return new MeshwrightError('ARGUMENT_MISSING', { field: field ? `${field}.${missing}` : missing! });
  }
  if (field === '') return invalid(part, part === 'body' ? 'must be a JSON object' : problem.message);
  const words = wordsAt(problems, problem.instancePath);
  const rule = words.length > 0 ? `must be one of ${words.join(', ')}` : ruleOf(problem);
  return invalid(field, rule, shown(valueAt(data, problem.instancePath), field));
}

/** The values of which one would do, where nothing else would: a choice is a schema for each of them, and perhaps null. */
function wordsAt(problems: readonly Problem[], pointer: string): unknown[] {
  const here = problems.filter(
    ({ keyword, instancePath }) => instancePath === pointer && keyword !== 'anyOf',
  );
  const choice = here.filter(({ params }) => (params as { type?: unknown }).type !== 'null');
  if (!choice.every(({ keyword }) => keyword === 'const')) return [];
  return choice.map(({ params }) => (params as { allowedValue: unknown }).allowedValue);
}

/** By JSON pointer; names of our schemas hold nothing that a pointer would escape. */
function valueAt(data: unknown, pointer: string): unknown {
  const step = (value: unknown, key: string) => (value as Record<string, unknown> | undefined)?.[key];
  return pointer.split('/').slice(1).reduce(step, data);
}

/** What can be said of a value in one word, and is no secret. */
function shown(value: unknown, field: string): unknown {
  return typeof value === 'object' || /password|token|secret|key|code/i.test(field) ? undefined : value;
}

const TYPES: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

function ruleOf({ keyword, params, message }: Problem): string {
  const { type, limit, allowedValues } = params as {
    type?: string;
    limit?: number;
    allowedValues?: unknown[];
  };
  switch (keyword) {
    case 'type':
      return `must be ${TYPES[type ?? ''] ?? type}`;
    case 'minimum':
      return `must be at least ${limit}`;
    case 'maximum':
      return `must be at most ${limit}`;
    case 'maxLength':
      return `must have at most ${limit} characters`;
    case 'maxItems':
      return `must have at most ${limit} entries`;
    case 'enum':
      return `must be one of ${allowedValues?.join(', ')}`;
    case 'anyOf':
      return 'has a type that is not allowed here';
    default:
      return message;
  }
}
