import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { lenient } from './lenient.ts';

describe('loose typing', () => {
  it.each([
    [Type.Boolean(), 'True', true],
    [Type.Boolean(), 'false', false],
    [Type.Boolean(), 'yes', 'yes'],
    [Type.Boolean(), 1, 1],
    [Type.Boolean(), 'constructor', 'constructor'],
    [Type.Integer(), '3', 3],
    [Type.Integer(), '-3', -3],
    [Type.Integer(), '3x', '3x'],
    [Type.Integer(), '0x10', '0x10'],
    [Type.Integer(), '1e3', '1e3'],
    [Type.Integer(), '99999999999999999999', '99999999999999999999'],
    [Type.String(), 1500, '1500'],
    [Type.String(), true, true],
    [Type.String(), '', ''],
    [Type.Array(Type.Integer()), ['1', 2], [1, 2]],
    [Type.Array(Type.Integer()), '1', '1'],
    [Type.Union([Type.Integer(), Type.String()]), '1', '1'],
    [Type.Union([Type.Integer(), Type.Boolean()]), 'True', true],
    [Type.Unknown(), { a: '1' }, { a: '1' }],
  ])('%j makes %j of %j', (schema, value, expected) => expect(lenient(schema, value)).toEqual(expected));

  it('drops what is empty, null or unknown', () => {
    const schema = Type.Object({
      a: Type.Integer(),
      b: Type.String(),
      c: Type.Union([Type.String(), Type.Null()]),
      kept: Type.String({ 'x-keep-empty': true }),
      deep: Type.Object({ d: Type.Boolean() }),
    });
    const value = { a: '', b: null, c: null, kept: '', other: 1, deep: { d: 'True', e: 1 } };
    expect(lenient(schema, value)).toEqual({ c: null, kept: '', deep: { d: true } });
    expect(lenient(schema, [1])).toEqual([1]);
    expect(lenient(schema, null)).toBeNull();
  });

  it('takes no inherited keys', () => {
    expect(lenient(Type.Object({ toString: Type.Unknown() }), {})).toEqual({});
  });
});
