import { newIdentity } from '../keyset/certificate.ts';

/**
 * Ten years: nothing renews this certificate, clients of the API do not check it or pin it as it is, and one that
 * ran out would only add a second warning to the first. Operators who want more install their own.
 */
const DAYS = 10 * 365;

/** A certificate for the API of a fresh controller, for these DNS names and IP addresses. */
export async function selfSignedCertificate(names: string[]): Promise<{ cert: string; key: string }> {
  const [first = 'meshwright'] = names;
  const { certificate, privateKey } = newIdentity({
    commonName: first.slice(0, 64),
    names: names.length > 0 ? names : [first],
    role: 'server',
    days: DAYS,
  });
  return { cert: certificate, key: privateKey };
}
