import { Type } from 'typebox';

/**
 * Exactly one PEM block, in lines of 64 as RFC 7468 has it: a second one, a directive after it or a line break of somebody else's
 * has no place in the pattern.
 */
export const pem = (label: string) =>
  Type.String({
    maxLength: 4096,
    pattern: `^-----BEGIN ${label}-----\\n([A-Za-z0-9+/]{64}\\n){0,63}[A-Za-z0-9+/=]{1,64}\\n-----END ${label}-----\\n$`,
  });
