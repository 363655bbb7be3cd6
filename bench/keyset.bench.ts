import { Lab } from '../src/lab/lab.ts';
import { createAuthority, issueLicense } from '../src/license/authority.ts';
import { median, report, sleep } from './support.ts';

/** A keyset for 1,000 clients through the API of a real controller, while GET /config is asked all the time; and its list of packs. */
const CLIENTS = Number(process.argv[2] ?? 1000);

const lab = await Lab.up({ size: 1, fresh: true });
try {
  const authority = createAuthority();
  await lab.exec(1, ['tee', '/etc/meshwright/authorities.d/bench.pem'], { input: authority.publicKeyPem });
  await lab.exec(1, ['chmod', '0644', '/etc/meshwright/authorities.d/bench.pem']);
  const api = lab.api(1);
  const text = issueLicense({ issuedTo: 'bench', controllers: 2, clients: CLIENTS }, authority.privateKeyPem);
  await api.put('/license', undefined, { text });
  await api.put('/license/parameters', { default: true });
  await sleep(9000);
  await api.get('/config');
  const latencies: number[] = [];
  const from = performance.now();
  await api.put('/keyset', { token: 'bench token' });
  let isPresent = false;
  while (!isPresent) {
    const asked = performance.now();
    await api.get('/config');
    latencies.push(performance.now() - asked);
    // Often enough to notice a pause, seldom enough not to take the machine away from what is measured.
    await sleep(30);
    isPresent = ((await api.get('/keyset')) as { keyset_present: boolean }).keyset_present;
  }
  const seconds = (performance.now() - from) / 1000;
  report(`keyset for ${CLIENTS} clients`, `${seconds.toFixed(2)} s`, '< 2 s', seconds < 2);
  report(
    'GET /config meanwhile',
    `median ${median(latencies).toFixed(1)} ms, worst ${Math.max(...latencies).toFixed(1)} ms`,
    '< 100 ms',
    Math.max(...latencies) < 100,
  );

  // Packs have texts, and their list digests, once the controller has told where clients reach it.
  await api.put('/peering/self', { id: 1 });
  type Packs = Record<string, { conf_sha1: string }>;
  const list = () => api.get<Packs>('/clientpacks');
  while (Object.values(await list()).some(({ conf_sha1 }) => conf_sha1 === '')) await sleep(200);
  const lists: number[] = [];
  for (let n = 0; n < 20; n++) {
    const asked = performance.now();
    await list();
    lists.push(performance.now() - asked);
    await sleep(100);
  }
  report(
    `GET /clientpacks with ${CLIENTS}, over HTTPS`,
    `median ${median(lists).toFixed(0)} ms, worst ${Math.max(...lists).toFixed(0)} ms`,
    '< 200 ms',
    median(lists) < 200,
  );
} finally {
  await Lab.down();
}
