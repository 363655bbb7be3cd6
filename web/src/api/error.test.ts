import { describe, expect, it } from 'vitest';
import { ApiError, messageAt, messageBeside, toApiError } from './error.ts';

const told = (code: string, field: string | null, log: string) =>
  toApiError(400, new Headers({ 'meshwright-error': code, ...(field && { 'meshwright-field': field }) }), {
    error: { name: 'APIArgumentError', log, message: 'id is invalid' },
  });

describe('an error of the API', () => {
  it('carries the reason that its text has no room for', () => {
    expect(told('PEER_SELF_INVALID', 'id', 'PEER_SELF_INVALID: it is taken').message).toBe(
      'id is invalid: it is taken',
    );
    expect(told('INTERNAL', null, '8f3a').message).toBe('id is invalid');
  });

  it('stands beside its field, without its name, and nowhere else', () => {
    const error = told('PEER_SELF_INVALID', 'id', 'PEER_SELF_INVALID: it is taken');
    expect(messageAt(error, 'id')).toBe('It is taken');
    expect(messageAt(error, 'name')).toBeNull();
    expect(messageBeside(error, ['id'])).toBeNull();
    expect(messageBeside(error, ['name'])).toBe('id is invalid: it is taken');
  });

  it('is told even when the answer is no error of ours', () => {
    expect(toApiError(502, new Headers(), null)).toEqual(
      new ApiError(502, 'UNKNOWN', 'The controller answered with status 502.'),
    );
    expect(messageBeside(null)).toBeNull();
  });
});
