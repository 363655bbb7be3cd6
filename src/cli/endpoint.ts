import { isIP } from 'node:net';
import { API_PORT, paths } from '../paths.ts';
import { CliError, ExitCode } from './cli-error.ts';

/** Where a controller's API is: over the network, or the local control socket, which needs no password. */
export type Endpoint =
  | { readonly kind: 'socket'; readonly path: string; readonly name: string }
  | {
      readonly kind: 'https';
      readonly host: string;
      readonly port: number;
      readonly password: string | null;
      /** SHA-256 of the certificate in hex, with or without colons. */
      readonly fingerprint: string | null;
      readonly name: string;
    };

export function socketEndpoint(path: string = paths.controlSocket, name = 'the local controller'): Endpoint {
  return { kind: 'socket', path, name };
}

/** Reads `https://host[:port]` or just `host[:port]`. */
export function httpsEndpoint(
  url: string,
  password: string | null,
  fingerprint: string | null = null,
): Extract<Endpoint, { kind: 'https' }> {
  const text = isIP(url) === 6 ? `[${url}]` : url;
  let parsed: URL;
  try {
    parsed = new URL(text.includes('://') ? text : `https://${text}`);
  } catch {
    throw new CliError(
      `${url} is no address of a controller; write https://host or https://host:8000`,
      ExitCode.usage,
    );
  }
  if (parsed.protocol !== 'https:') throw new CliError('a controller speaks https only', ExitCode.usage);
  if (parsed.username !== '' || parsed.password !== '') {
    throw new CliError(
      'a password in the address ends up in lists of processes; use MESHWRIGHT_PASSWORD or --password-file',
      ExitCode.usage,
    );
  }
  if (fingerprint !== null && !/^([0-9a-f]{2}:?){32}$/i.test(fingerprint)) {
    throw new CliError('--fingerprint is the SHA-256 of the certificate: 64 hex digits', ExitCode.usage);
  }
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  // URL drops a port that is the default of its scheme, so 443 has to be asked of the text itself.
  const port = parsed.port === '' ? (/:443\/?$/.test(text) ? 443 : API_PORT) : Number(parsed.port);
  return { kind: 'https', host, port, password, fingerprint, name: `https://${parsed.hostname}:${port}` };
}
