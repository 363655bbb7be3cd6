/** What `GET /api/local/credentials` tells, on the control socket only. */
export interface Credentials {
  readonly url?: string;
  readonly user?: string;
  /** The first password, while nobody has changed it; null afterwards. */
  readonly password?: string | null;
  readonly fingerprint?: string | null;
}

export function credentialLines({ url, user = 'api', password, fingerprint }: Credentials): string[] {
  const lines = [`API and console  ${url ?? 'https://<address of this machine>:8000'}`];
  if (fingerprint) lines.push(`certificate      SHA-256 ${fingerprint}`);
  lines.push(`user             ${user}`);
  lines.push(`password         ${password ?? 'the one that you have set'}`);
  return lines;
}
