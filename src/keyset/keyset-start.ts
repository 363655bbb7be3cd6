import { MeshwrightError } from '../errors/catalogue.ts';
import { printable } from '../errors/printable.ts';
import { dialGuard } from '../net/dial-guard.ts';
import { parseHost } from '../net/host.ts';

/** What an operator gives to begin with a keyset. */
export interface KeysetStart {
  token: string;
  /** A controller that has the keyset; without it one is generated here. */
  source?: string | undefined;
  topology_name?: string | undefined;
  sealed_network?: boolean | undefined;
}

/** Any text will do as a token, because published clients choose theirs freely; this only keeps the PAKE's input small. */
const MAX_TOKEN = 512;

/** The source of a fetch; null for a keyset that is generated here. */
export function sourceOf({ source }: KeysetStart): string | null {
  const text = source?.trim() ?? '';
  return text === '' ? null : text;
}

export function checkStart(request: KeysetStart): void {
  if (typeof request.token !== 'string' || request.token === '') {
    throw new MeshwrightError('ARGUMENT_MISSING', { field: 'token' });
  }
  if (request.token.length > MAX_TOKEN) {
    throw new MeshwrightError('TOKEN_TOO_LONG', { field: 'token', limit: MAX_TOKEN });
  }
  const source = sourceOf(request);
  if (source === null) return;
  const host = parseHost(source);
  const why = host.kind === 'invalid' ? host.why : dialGuard().refusal(host.text);
  if (why !== null) {
    throw new MeshwrightError('SOURCE_INVALID', { field: 'source', value: printable(source), rule: why });
  }
}
