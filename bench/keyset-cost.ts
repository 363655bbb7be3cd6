import { statSync } from 'node:fs';
import { Lab } from '../src/lab/lab.ts';
import { createAuthority, issueLicense } from '../src/license/authority.ts';
import { paths } from '../src/paths.ts';
import { sleep, until } from './support.ts';

export interface KeysetCost {
  readonly seconds: number;
  /** What each of the calls of GET /config took meanwhile. */
  readonly configMs: readonly number[];
  /** What each of some calls of GET /clientpacks took afterwards. */
  readonly listMs: readonly number[];
  /** Of the controller's database with its log, when all of that is done. */
  readonly storeBytes: number;
}

/** A keyset for so many clients through the API of a real controller, while GET /config is asked all the time; and its list of packs. */
export async function keysetCost(clients: number, lists: number): Promise<KeysetCost> {
  const lab = await Lab.up({ size: 1, fresh: true });
  try {
    const authority = createAuthority();
    await lab.exec(1, ['tee', '/etc/meshwright/authorities.d/bench.pem'], { input: authority.publicKeyPem });
    await lab.exec(1, ['chmod', '0644', '/etc/meshwright/authorities.d/bench.pem']);
    const api = lab.api(1);
    const text = issueLicense({ issuedTo: 'bench', controllers: 2, clients }, authority.privateKeyPem);
    await api.put('/license', undefined, { text });
    await api.put('/license/parameters', { default: true });
    await sleep(9000);
    await api.get('/config');
    const configMs: number[] = [];
    const from = performance.now();
    await api.put('/keyset', { token: 'bench token' });
    let isPresent = false;
    while (!isPresent) {
      const asked = performance.now();
      await api.get('/config');
      configMs.push(performance.now() - asked);
      // Often enough to notice a pause, seldom enough not to take the machine away from what is measured.
      await sleep(30);
      isPresent = ((await api.get('/keyset')) as { keyset_present: boolean }).keyset_present;
    }
    const seconds = (performance.now() - from) / 1000;
    return { seconds, configMs, listMs: await listCost(lab, clients, lists), storeBytes: storeBytes(lab) };
  } finally {
    await Lab.down();
  }
}

async function listCost(lab: Lab, clients: number, lists: number): Promise<number[]> {
  const api = lab.api(1);
  // Packs have texts, and their list digests, once the controller has told where clients reach it.
  await api.put('/peering/self', { id: 1 });
  type Packs = Record<string, { conf_sha1: string }>;
  const list = () => api.get<Packs>('/clientpacks');
  const areReady = async () => {
    const packs = Object.values(await list());
    return packs.length === clients && packs.every(({ conf_sha1 }) => conf_sha1 !== '');
  };
  await until(`${clients} packs with texts`, areReady, 120_000, 200);
  const listMs: number[] = [];
  for (let n = 0; n < lists; n++) {
    const asked = performance.now();
    await list();
    listMs.push(performance.now() - asked);
    await sleep(100);
  }
  return listMs;
}

function storeBytes(lab: Lab): number {
  const file = `${lab.plan(1).directory}/lib/${paths.database.split('/lib/')[1]}`;
  return ['', '-wal'].reduce(
    (sum, end) => sum + (statSync(`${file}${end}`, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}
