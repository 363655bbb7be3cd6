/** What the process's exit code tells a script. */
export const ExitCode = {
  ok: 0,
  /** The work was tried and failed. */
  failure: 1,
  /** The command line makes no sense. */
  usage: 2,
  /** No controller answered. */
  unreachable: 3,
  /** A controller answered and said no. */
  refused: 4,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** A failure that is told in one line, without a stack. */
export class CliError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = ExitCode.failure) {
    super(message);
    this.name = 'CliError';
    this.exitCode = exitCode;
  }
}

/** A refusal by the controller: what the error envelope and its headers said. */
export class RefusedError extends CliError {
  readonly status: number;
  /** The code of the error catalogue, when the controller named it. */
  readonly code: string | undefined;
  readonly field: string | undefined;

  constructor(status: number, message: string, code?: string, field?: string) {
    super(message, ExitCode.refused);
    this.name = 'RefusedError';
    this.status = status;
    this.code = code;
    this.field = field;
  }

  /** The same, with what the wire calls a field called as it was entered. */
  calling(field: string, name: string): RefusedError {
    if (this.field !== field) return this;
    return new RefusedError(
      this.status,
      this.message.replace(`${field} is `, `${name} is `),
      this.code,
      name,
    );
  }
}

export class UnreachableError extends CliError {
  constructor(message: string) {
    super(message, ExitCode.unreachable);
    this.name = 'UnreachableError';
  }
}
