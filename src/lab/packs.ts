import { request } from 'node:https';
import { gunzipSync } from 'node:zlib';
import type { PackFile, PackKind } from '../clientpack/client-intent.ts';
import type { Lab } from './lab.ts';

const FORMATS: Record<PackKind, string> = { openvpn: 'conf', wireguard: 'wireguard', ha: 'ha' };

/** The files of a pack as an operator downloads them from a controller. */
export async function downloadPack(lab: Lab, address: string, kind: PackKind, from = 1): Promise<PackFile[]> {
  const name = address.replaceAll('.', '_');
  const bytes = await download(lab, from, `/clientpack?name=${name}&format=${FORMATS[kind]}`);
  if (kind === 'ha') return unpack(gunzipSync(bytes));
  return [{ name: `${name}.conf`, mode: 0o600, text: bytes.toString() }];
}

/** A member that is not known yet is missing in packs, and the order of the others is another one then. */
export async function packsNameAll(lab: Lab): Promise<boolean> {
  const [first] = await packAddresses(lab);
  const [file] = await downloadPack(lab, first!, 'openvpn');
  return file!.text.match(/^remote /gm)?.length === lab.state.controllers.length;
}

/** Addresses of the lab's clients whose packs name this controller first, in ascending order. */
export async function clientsOf(lab: Lab, controller: number, count: number): Promise<string[]> {
  const found: string[] = [];
  for (const address of await packAddresses(lab)) {
    const [file] = await downloadPack(lab, address, 'openvpn');
    const first = /^remote (\S+)/m.exec(file!.text)?.[1];
    if (first === lab.plan(controller).underlay) found.push(address);
    if (found.length === count) return found;
  }
  throw new Error(`the lab has ${found.length} clients of controller ${controller}, not ${count}`);
}

async function packAddresses(lab: Lab): Promise<string[]> {
  const packs = await lab.api(1).get<Record<string, { overlay_ipaddress: string }>>('/clientpacks');
  return Object.values(packs).map((pack) => pack.overlay_ipaddress);
}

function download(lab: Lab, id: number, path: string): Promise<Buffer> {
  const { password } = lab.state.controllers.find((one) => one.id === id)!;
  const authorization = `Basic ${Buffer.from(`api:${password}`).toString('base64')}`;
  const options = { rejectUnauthorized: false, agent: false as const, headers: { authorization } };
  return new Promise((resolve, reject) => {
    const call = request(`${lab.plan(id).url}/api${path}`, options, (message) => {
      const chunks: Buffer[] = [];
      message.on('data', (chunk: Buffer) => chunks.push(chunk));
      message.on('error', reject);
      message.on('end', () => {
        const body = Buffer.concat(chunks);
        if (message.statusCode === 200) resolve(body);
        else reject(new Error(`controller ${id} refused ${path}: ${body}`));
      });
    });
    call.on('error', reject);
    call.end();
  });
}

/** Regular files of a tar archive, without the directory that they lie in. */
function unpack(tar: Buffer): PackFile[] {
  const files: PackFile[] = [];
  const field = (at: number, length: number) => tar.toString('latin1', at, at + length).replace(/\0.*$/s, '');
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(field(at + 124, 12), 8) || 0;
    const name = field(at, 100).split('/').at(-1)!;
    if (field(at + 156, 1) === '0')
      files.push({
        name,
        mode: Number.parseInt(field(at + 100, 8), 8),
        text: tar.toString('utf8', at + 512, at + 512 + size),
      });
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}
