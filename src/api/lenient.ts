import type { TSchema } from 'typebox';
import { Check } from 'typebox/value';

/** The parts of a JSON schema that loose typing depends on. */
interface Shape {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly items?: TSchema;
  readonly anyOf?: readonly TSchema[];
  /** Schemas may say that an empty string is a value of its own here. */
  readonly 'x-keep-empty'?: boolean;
}

const BOOLEANS: ReadonlyMap<unknown, boolean> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
]);

/**
 * Published clients send booleans and numbers as text, numbers for text, and an empty string for a value that they
 * do not give. This brings a value to the types of its schema before it is validated; what it cannot bring there it
 * leaves as it is, for the validation to name. Keys that the schema does not know are dropped.
 */
export function lenient(schema: TSchema, value: unknown): unknown {
  const shape = schema as Shape;
  if (shape.anyOf) return lenientUnion(shape.anyOf, value);
  switch (shape.type) {
    case 'boolean':
      return BOOLEANS.get(value) ?? value;
    case 'integer':
    case 'number':
      return typeof value === 'string' && /^\s*-?\d{1,15}(\.\d{1,15})?\s*$/.test(value)
        ? Number(value)
        : value;
    case 'string':
      return typeof value === 'number' ? String(value) : value;
    case 'array':
      return Array.isArray(value) && shape.items ? value.map((item) => lenient(shape.items!, item)) : value;
    case 'object':
      return shape.properties && isRecord(value) ? lenientObject(shape.properties, value) : value;
    default:
      return value;
  }
}

function lenientUnion(variants: readonly TSchema[], value: unknown): unknown {
  if (variants.some((variant) => Check(variant, value))) return value;
  for (const variant of variants) {
    const converted = lenient(variant, value);
    if (Check(variant, converted)) return converted;
  }
  return value;
}

function lenientObject(properties: Readonly<Record<string, TSchema>>, value: Record<string, unknown>) {
  const result: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(properties)) {
    if (!Object.hasOwn(value, key) || notGiven(schema, value[key])) continue;
    result[key] = lenient(schema, value[key]);
  }
  return result;
}

function notGiven(schema: TSchema, value: unknown): boolean {
  if (value === '') return !(schema as Shape)['x-keep-empty'];
  return value === undefined || (value === null && !Check(schema, null));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
