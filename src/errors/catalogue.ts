/**
 * Every error a user can meet, in one place: code, HTTP status, wire name and text. The wire names and some of
 * the texts are compared by published clients, so they are part of the API.
 */
type Detail = Readonly<Record<string, string | number>>;

interface Entry {
  readonly status: number;
  /** The `error.name` of the wire contract. */
  readonly name: string;
  readonly text: (detail: Detail) => string;
}

const argument = (text: (d: Detail) => string): Entry => ({ status: 400, name: 'APIArgumentError', text });
const prerequisite = (text: string): Entry => ({ status: 403, name: 'PrerequisiteError', text: () => text });
export const notAllowed = (text: (d: Detail) => string): Entry => ({
  status: 403,
  name: 'OperationNotAllowedError',
  text,
});
const notFound = (text: (d: Detail) => string): Entry => ({ status: 404, name: 'APINotFoundError', text });

export const catalogue = {
  // Requests
  ARGUMENT_INVALID: argument((d) => `${d.field} is invalid: ${d.rule}`),
  ARGUMENT_MISSING: argument((d) => `${d.field} is missing`),
  BODY_MALFORMED: argument((d) => `The request body is not valid JSON: ${d.reason}`),
  UNAUTHORIZED: { status: 401, name: 'UnauthorizedError', text: () => 'Invalid or expired token' },
  TOO_MANY_ATTEMPTS: {
    status: 429,
    name: 'UnauthorizedError',
    text: (d) => `Too many failed attempts. Try again in ${d.seconds} s.`,
  },
  PATH_NOT_FOUND: notFound((d) => `${d.method} ${d.path} is not part of this API`),
  METHOD_NOT_ALLOWED: {
    status: 405,
    name: 'APIArgumentError',
    text: (d) => `${d.method} is not allowed on ${d.path}. Allowed: ${d.allowed}`,
  },
  BODY_TOO_LARGE: {
    status: 413,
    name: 'APIArgumentError',
    text: (d) => `The request body is larger than ${d.limit} bytes`,
  },
  INTERNAL: { status: 500, name: 'StandardError', text: (d) => `Internal error, see the log for ${d.reference}` },
  APPLIER_UNAVAILABLE: {
    status: 500,
    name: 'StandardError',
    text: (d) => `The change was stored but could not be applied: ${d.reason}`,
  },

  // Prerequisites
  NOT_LICENSED: prerequisite('Must be licensed first.'),
  KEYSET_MISSING: prerequisite('Keyset is missing'),
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof catalogue;

/** An error that is meant for a user. Everything else that is thrown is a defect and becomes INTERNAL. */
export class MeshwrightError extends Error {
  readonly code: ErrorCode;
  readonly detail: Detail;

  constructor(code: ErrorCode, detail: Detail = {}) {
    super((catalogue[code] as Entry).text(detail));
    this.name = 'MeshwrightError';
    this.code = code;
    this.detail = detail;
  }

  get status(): number {
    return catalogue[this.code].status;
  }

  get wireName(): string {
    return catalogue[this.code].name;
  }

  /** The request field that is at fault, when there is one. */
  get field(): string | undefined {
    return this.detail.field === undefined ? undefined : String(this.detail.field);
  }
}

/** Shorthand for the commonest error: a field whose value breaks a rule, which the text names. */
export function invalid(field: string, rule: string): MeshwrightError {
  return new MeshwrightError('ARGUMENT_INVALID', { field, rule });
}
