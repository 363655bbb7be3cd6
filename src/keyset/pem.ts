import { Type } from 'typebox';

/** Exactly one PEM block: a second one, or a directive after it, has no place in the pattern. */
export const pem = (label: string) =>
  Type.String({
    maxLength: 4096,
    pattern: `^-----BEGIN ${label}-----\\n([A-Za-z0-9+/=]{1,64}\\n){1,64}-----END ${label}-----\\n$`,
  });
