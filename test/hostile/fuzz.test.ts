import { rmSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { Controller } from '../../src/controller/controller.ts';
import { paths } from '../../src/paths.ts';
import { Database } from '../../src/store/database.ts';
import { type Answer, HostileController } from './support/controller.ts';
import { type Operation, operations, target, valueFor } from './support/operations.ts';
import { QuietApplier } from './support/quiet-applier.ts';

/** Every operation of the API's description gets thousands of requests that no client would send. */
const REQUESTS = 20_500;
const WARM_UP = 2000;
const PARALLEL = 12;
const MB = 1 << 20;
/** Dear by nature: a look at the whole machine. A few are enough. */
const RARE = new Set([
  '/api/mesh/doctor',
  '/api/mesh/diagnostics',
  '/api/mesh/resolve',
  '/api/keyset',
  '/api/session',
  '/api/setup',
]);
const DOWNLOADS = /^(application\/octet-stream|application\/x-gzip|application\/gzip|text\/plain|text\/csv)$/;

const folder = await vi.hoisted(async () => {
  const [{ mkdtempSync }, { tmpdir }] = await Promise.all([import('node:fs'), import('node:os')]);
  process.env.MESHWRIGHT_FOLDER = mkdtempSync(`${tmpdir()}/meshwright-fuzz-`);
  return process.env.MESHWRIGHT_FOLDER;
});
let subject: HostileController;
let applier: QuietApplier;
const FUZZ = { 'api-token': 'fuzz' };

beforeAll(async () => {
  const tokens = {
    principal: (token: string) =>
      token === 'fuzz' ? ({ name: 'fuzz', permissions: 'admin' } as const) : null,
  };
  subject = await new HostileController().start({ tokens });
  // What engines make of it is asked in the end-to-end tests; here documents end at the applier's real border.
  applier = await new QuietApplier().start(paths.applierSocket);
  subject.controller.start();
  // Without a licence and a keyset four of ten requests would end at their absence.
  await subject.becomeMember(FUZZ);
});
afterAll(async () => {
  await subject.stop();
  applier.stop();
  rmSync(folder, { recursive: true });
});

const all = operations().filter(({ isStream }) => !isStream);
const requestFor = (operation: Operation) => {
  const parameters = fc.record(
    Object.fromEntries(
      operation.parameters.map(({ name, schema }) => [
        name,
        fc.oneof(
          { arbitrary: valueFor(schema, name), weight: 4 },
          { arbitrary: fc.constant(undefined), weight: 1 },
        ),
      ]),
    ),
  );
  const body = operation.body
    ? fc.oneof(
        { arbitrary: valueFor(operation.body).map((value) => JSON.stringify(value) ?? ''), weight: 9 },
        { arbitrary: fc.string({ maxLength: 60 }), weight: 1 },
      )
    : fc.oneof(
        fc.constant(''),
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.jsonValue().map((value) => JSON.stringify(value)),
      );
  const type = fc.oneof(
    { arbitrary: fc.constant('application/json'), weight: 9 },
    {
      arbitrary: fc.constantFrom(
        'text/plain',
        'application/xml',
        'multipart/form-data; boundary=x',
        'nonsense',
      ),
      weight: 1,
    },
  );
  const isKnown = fc.oneof(
    { arbitrary: fc.constant(true), weight: 3 },
    { arbitrary: fc.constant(false), weight: 1 },
  );
  return fc.record({ parameters, body, type, isKnown });
};

/** What is wrong with an answer; null for one in the envelope. */
function fault(operation: Operation, { status, headers, text, json }: Answer): string | null {
  if (status >= 500) return `status ${status}`;
  const type = String(headers['content-type'] ?? '');
  if (status >= 300 && status < 400)
    return operation.statuses.includes(String(status)) ? null : `status ${status}`;
  if (status < 300 && DOWNLOADS.test(type)) return null;
  if (!/^application\/json/.test(type)) return `type ${type}`;
  if (status < 300) {
    if (operation.path.endsWith('openapi.json')) return null;
    const keys = Object.keys(json ?? {});
    if (keys.length !== 1 || keys[0] !== 'response') return `body ${text.slice(0, 100)}`;
    return /\{"error"/.test(text) ? 'an object that begins with an error' : null;
  }
  const error = json?.error as Record<string, unknown> | undefined;
  const isWhole = ['name', 'log', 'message'].every((key) => typeof error?.[key] === 'string');
  return isWhole && Object.keys(json).length === 1 && Object.keys(error!).length === 3
    ? null
    : `body ${text.slice(0, 200)}`;
}

function heap(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

it(`answers ${REQUESTS} requests out of its own description in the envelope, without a defect, and stays as it was`, {
  timeout: 600_000,
}, async () => {
  const faults: string[] = [];
  const statuses = new Map<number, number>();
  const weighted = all.flatMap((operation) =>
    Array<Operation>(RARE.has(operation.path) ? 1 : 12).fill(operation),
  );
  let sent = 0;
  let before = 0;
  const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
  const plans = new Map(all.map((operation) => [operation, requestFor(operation)]));
  const batches = new Map<
    Operation,
    ReturnType<typeof fc.sample<{ parameters: object; body: string; type: string; isKnown: boolean }>>
  >();
  const next = (operation: Operation, at: number) => {
    const ready = batches.get(operation) ?? [];
    if (ready.length === 0)
      ready.push(...(fc.sample(plans.get(operation)!, { numRuns: 40, seed: seed + at }) as typeof ready));
    batches.set(operation, ready);
    return ready.pop()!;
  };
  const worker = async () => {
    while (sent < REQUESTS) {
      const at = sent++;
      if (at === WARM_UP) before = heap();
      const operation = weighted[(at * 7919) % weighted.length]!;
      const { parameters, body, type, isKnown } = next(operation, at);
      const path = target(operation, (name) => (parameters as Record<string, unknown>)[name]);
      const headers = { 'content-type': type, ...(isKnown && FUZZ) };
      const answer = await subject
        .ask({ method: operation.method, path, headers, body })
        .catch((error: Error) => error);
      const what = answer instanceof Error ? answer.message : fault(operation, answer);
      if (!(answer instanceof Error)) statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      if (what !== null && faults.length < 20)
        faults.push(`${operation.method} ${path.slice(0, 200)} ${body.slice(0, 200)}: ${what}`);
      const isOpen =
        !(answer instanceof Error) &&
        answer.status !== 401 &&
        answer.headers['meshwright-error'] !== 'REQUEST_MALFORMED';
      if (!isKnown && isOpen && operation.permission !== 'public') {
        faults.push(`${operation.method} ${path.slice(0, 200)}: ${answer.status} without a login`);
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  expect({ seed, faults, defects: subject.defects.slice(0, 5) }).toEqual({ seed, faults: [], defects: [] });
  expect(subject.defects).toEqual([]);
  // Enough got through that the code behind the validation was reached.
  expect(statuses.get(200) ?? 0).toBeGreaterThan(REQUESTS / 10);
  console.log(
    `${sent} requests over ${all.length} operations, seed ${seed}: ${[...statuses]
      .sort()
      .map(([status, count]) => `${status} ${count}x`)
      .join(', ')}`,
  );

  const after = heap();
  const grown = (after - before) / MB;
  const [first, last] = [before, after].map((bytes) => (bytes / MB).toFixed(1));
  console.log(`heap: ${first} MB after ${WARM_UP} requests, ${last} MB after ${REQUESTS}`);
  expect(grown).toBeLessThan(40);

  const db = new Database(subject.database);
  expect(db.all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
  for (const { value } of db.all<{ value: string }>(
    'SELECT value FROM setting UNION ALL SELECT value FROM secret',
  ))
    JSON.parse(value);
  db.close();
  expect(subject.context.audit.log.verify()).toMatchObject({ intact: true });
  const again = new Controller(subject.database);
  expect(again.apiContext(null).names.topologyName()).toBe(subject.context.names.topologyName());
  again.stop();
  expect((await subject.ask({ path: '/api/config', headers: FUZZ })).status).toBe(200);
});
