/** What went wrong with a request, as the console shows it: in words, at its field where there is one. */
export class ApiError extends Error {
  readonly status: number;
  /** The catalogue's name of the error, e.g. `LICENSE_EXPIRED`. */
  readonly code: string;
  /** The request field at fault. */
  readonly field: string | null;

  constructor(status: number, code: string, message: string, field: string | null = null) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.field = field;
  }
}

/** No answer at all: the API restarts, or the controller or the way to it is gone. */
export class Unreachable extends Error {
  constructor() {
    super('The controller does not answer.');
    this.name = 'Unreachable';
  }
}

interface ErrorBody {
  readonly error?: { readonly log?: string; readonly message?: string };
}

/** Some texts are fixed by the wire contract; then the reason stands in the log line, behind the code. */
export function toApiError(status: number, headers: Headers, body: unknown): ApiError {
  const { error = {} } = (body ?? {}) as ErrorBody;
  const code = headers.get('meshwright-error') ?? 'UNKNOWN';
  const why = error.log?.startsWith(`${code}: `) ? error.log.slice(code.length + 2) : null;
  const text = error.message ?? `The controller answered with status ${status}.`;
  return new ApiError(status, code, why ? `${text}: ${why}` : text, headers.get('meshwright-field'));
}

/** The message for one field of a form; null when the error is about something else. */
export function messageAt(error: unknown, field: string): string | null {
  return error instanceof ApiError && error.field === field ? fieldMessage(error) : null;
}

/** The rule alone: beside its field, the field need not be named again. */
export function fieldMessage({ field, message }: ApiError): string {
  const prefix = `${field} is invalid: `;
  if (!message.startsWith(prefix)) return message;
  const rule = message.slice(prefix.length);
  return rule.charAt(0).toUpperCase() + rule.slice(1);
}

/** The message of an error that none of the form's fields shows. */
export function messageBeside(error: unknown, fields: readonly string[] = []): string | null {
  if (error === null || error === undefined) return null;
  if (error instanceof ApiError && error.field !== null && fields.includes(error.field)) return null;
  return error instanceof Error ? error.message : String(error);
}
