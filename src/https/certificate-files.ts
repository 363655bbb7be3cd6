import { createPrivateKey, X509Certificate } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { selfSignedCertificate } from '../api/self-signed.ts';

export interface KeyPair {
  /** PEM: the certificate, then those that lead to its authority. */
  readonly cert: string;
  readonly key: string;
}

const names = (directory: string, suffix = '') => ({
  cert: `${directory}/https.crt${suffix}`,
  key: `${directory}/https.key${suffix}`,
});
const NEXT = '.next';

/** The API's certificate: the one on disk, or a self-signed one that is made at the first start and kept. */
export async function loadCertificate(directory: string): Promise<KeyPair> {
  const pair = read(directory) ?? finishInstallation(directory);
  if (pair) return pair;
  const made = await newSelfSigned();
  writeCertificate(directory, made);
  return made;
}

export function newSelfSigned(): Promise<KeyPair> {
  const addresses = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).map(({ address }) => address),
  );
  return selfSignedCertificate([
    hostname(),
    'localhost',
    ...addresses.filter((address) => !address.startsWith('fe80')),
  ]);
}

/** The certificate on disk as it is now, without its key. */
export function storedCertificate(directory: string): string | null {
  try {
    return readFileSync(names(directory).cert, 'utf8');
  } catch {
    return null;
  }
}

/**
 * Both files at once as far as a disk can: they are complete beside the old ones before the first is renamed, so
 * whatever the moment of a power cut, a pair that fits is there.
 */
export function writeCertificate(directory: string, pair: KeyPair): void {
  const [now, next] = [names(directory), names(directory, NEXT)];
  for (const part of ['key', 'cert'] as const) {
    rmSync(next[part], { force: true });
    const file = openSync(next[part], 'wx', 0o600);
    writeSync(file, pair[part]);
    fsyncSync(file);
    closeSync(file);
  }
  for (const part of ['key', 'cert'] as const) renameSync(next[part], now[part]);
}

function read(directory: string): KeyPair | null {
  const { cert, key } = names(directory);
  return fitting(cert, key);
}

/** After a power cut between the two renames: the key is the new one, and its certificate waits beside it. */
function finishInstallation(directory: string): KeyPair | null {
  const [now, next] = [names(directory), names(directory, NEXT)];
  const pair = fitting(next.cert, now.key);
  if (pair) renameSync(next.cert, now.cert);
  return pair;
}

function fitting(certFile: string, keyFile: string): KeyPair | null {
  try {
    const pair = { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
    return new X509Certificate(pair.cert).checkPrivateKey(createPrivateKey(pair.key)) ? pair : null;
  } catch {
    return null;
  }
}
