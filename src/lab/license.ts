import { mkdirSync, writeFileSync } from 'node:fs';
import { createAuthority, issueLicense } from '../license/authority.ts';
import { lab } from './plan.ts';

/** A licence from an authority of the lab's own, which its machines trust, for more clients than the free one allows. */
export function ownLicense(controllers: number, clients: number): { file: string; authority: string } {
  const authority = createAuthority();
  const file = `${lab.machineDirectory}/license`;
  mkdirSync(lab.machineDirectory, { recursive: true, mode: 0o755 });
  writeFileSync(file, issueLicense({ issuedTo: 'a lab', controllers, clients }, authority.privateKeyPem));
  return { file, authority: authority.publicKeyPem };
}
