import { readFileSync, writeFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { selfSignedCertificate } from '../api/self-signed.ts';

/** The API's certificate: the one on disk, or a self-signed one that is made at the first start and kept. */
export async function loadCertificate(directory: string): Promise<{ cert: string; key: string }> {
  const [certFile, keyFile] = [`${directory}/https.crt`, `${directory}/https.key`];
  try {
    return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
  } catch {
    const addresses = Object.values(networkInterfaces()).flatMap((list) =>
      (list ?? []).map(({ address }) => address),
    );
    const names = [hostname(), 'localhost', ...addresses.filter((address) => !address.startsWith('fe80'))];
    const made = await selfSignedCertificate(names);
    writeFileSync(keyFile, made.key, { mode: 0o600 });
    writeFileSync(certFile, made.cert, { mode: 0o600 });
    return made;
  }
}

/** The certificate on disk as it is now, without its key. */
export function storedCertificate(directory: string): string | null {
  try {
    return readFileSync(`${directory}/https.crt`, 'utf8');
  } catch {
    return null;
  }
}
