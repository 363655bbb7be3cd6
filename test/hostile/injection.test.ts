import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HostileController } from './support/controller.ts';
import { type Operation, operations, type Schema, target } from './support/operations.ts';

/** Classes 1 and 2: an attempt to run a program in every text that the API takes, with an alarm if one works. */
let subject: HostileController;
const folder = mkdtempSync(join(tmpdir(), 'meshwright-tripwire-'));
const wire = join(folder, 'tripped');
const ATTEMPTS = [
  (touch: string) => `x; ${touch}`,
  (touch: string) => `$(${touch})`,
  (touch: string) => `\`${touch}\``,
  (touch: string) => `x\nPostUp = ${touch}\n`,
  (touch: string) => `x' | ${touch} #`,
  (touch: string) => `"; ${touch}; "`,
  (touch: string) => `x\r\nExecStart=${touch}`,
  (touch: string) => `-x\0${touch}`,
  (touch: string) => `x && ${touch}`,
  (touch: string) => `\${process.mainModule.require('child_process').execSync('${touch}')}`,
];

beforeAll(async () => {
  const tokens = {
    principal: (token: string) =>
      token === 'fuzz' ? ({ name: 'fuzz', permissions: 'admin' } as const) : null,
  };
  subject = await new HostileController().start({ tokens, apply: async () => {} });
});
afterAll(async () => {
  await subject.stop();
  rmSync(folder, { recursive: true });
});

interface Field {
  readonly where: string;
  build(text: string): unknown;
}

/** Every place in a body where a text may stand. */
function fieldsOf(
  schema: Schema,
  build: (value: unknown) => unknown = (value) => value,
  where = '',
): Field[] {
  const here = { where, build };
  if (schema.anyOf) return schema.anyOf.flatMap((one) => fieldsOf(one, build, where));
  switch (schema.type) {
    case 'object': {
      const filler = Object.fromEntries(
        (schema.required ?? []).map((key) => [key, fillerFor(schema.properties?.[key] ?? {})]),
      );
      return Object.entries(schema.properties ?? {}).flatMap(([key, member]) =>
        fieldsOf(member, (value) => build({ ...filler, [key]: value }), `${where}.${key}`),
      );
    }
    case 'array':
      return fieldsOf(schema.items ?? {}, (value) => build([value]), `${where}[]`);
    case 'boolean':
    case 'integer':
    case 'number':
      return [here];
    default:
      return [here];
  }
}

function fillerFor(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.anyOf) return fillerFor(schema.anyOf[0]!);
  if (schema.type === 'object')
    return Object.fromEntries(
      (schema.required ?? []).map((key) => [key, fillerFor(schema.properties?.[key] ?? {})]),
    );
  if (schema.type === 'array') return [];
  if (schema.type === 'boolean') return true;
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 1;
  return 'x1';
}

/** Programs that this process started, as the kernel knows them. */
function children(): string[] {
  return readdirSync('/proc/self/task').flatMap((task) => {
    try {
      return readFileSync(`/proc/self/task/${task}/children`, 'utf8').split(' ').filter(Boolean);
    } catch {
      return [];
    }
  });
}

it('classes 1, 2: nothing that is typed into any field is executed', { timeout: 240_000 }, async () => {
  const known = new Set(children());
  const started = new Set<string>();
  const monitor = setInterval(() => {
    for (const pid of children()) if (!known.has(pid)) started.add(pid);
  }, 5);
  const touch = `touch ${wire}`;
  const faults: string[] = [];
  let sent = 0;
  let turn = 0;
  const send = async (operation: Operation, path: string, body: string, where: string) => {
    sent++;
    const headers = { 'api-token': 'fuzz', ...(operation.isRaw && { 'content-type': 'text/plain' }) };
    const answer = await subject.ask({ method: operation.method, path, headers, body });
    if (answer.status >= 500) faults.push(`${operation.method} ${path} ${where}: ${answer.status}`);
  };
  let fields = 0;
  for (const operation of operations().filter(({ isStream }) => !isStream)) {
    const works: (() => Promise<void>)[] = [];
    const attempts = () => [0, 1, 2].map(() => ATTEMPTS[turn++ % ATTEMPTS.length]!(touch));
    for (const field of operation.body ? fieldsOf(operation.body) : []) {
      fields++;
      for (const text of attempts())
        works.push(() =>
          send(
            operation,
            target(operation, () => 'x1'),
            JSON.stringify(field.build(text)),
            field.where,
          ),
        );
    }
    for (const { name } of operation.parameters) {
      fields++;
      for (const text of attempts())
        works.push(() =>
          send(
            operation,
            target(operation, (other) => (other === name ? text : 'x1')),
            '',
            name,
          ),
        );
    }
    if (operation.isRaw)
      for (const text of attempts()) works.push(() => send(operation, operation.path, text, 'body'));
    for (const work of works) await work();
  }
  clearInterval(monitor);
  console.log(`${sent} attempts in ${fields} fields`);
  expect(fields).toBeGreaterThan(150);
  expect(faults).toEqual([]);
  expect(existsSync(wire)).toBe(false);
  expect([...started]).toEqual([]);
  expect(subject.defects).toEqual([]);
});
