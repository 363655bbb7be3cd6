import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ControllerProcess } from './support/controller-process.ts';
import { besides, CONF, fieldsOf, type Known, RULE, rightBody } from './support/fields.ts';
import { type Operation, operations, type Schema, target } from './support/operations.ts';
import { QuietApplier } from './support/quiet-applier.ts';

/**
 * Classes 1 and 2: every attempt to run a program in every text that the API takes, with an alarm if one works. The
 * controller is the built one, a process of its own, so whatever it starts is its child.
 */
let subject: ControllerProcess;
let applier: QuietApplier;
let headers: Record<string, string>;
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
  subject = await new ControllerProcess().start();
  applier = await new QuietApplier().start(subject.applierSocket);
  headers = { 'api-token': (await subject.api('POST', '/access/token', { name: 'x' })).json.response.token };
  await subject.becomeMember(headers);
});
afterAll(async () => {
  await subject.stop();
  applier.stop();
  rmSync(folder, { recursive: true });
});

/** One of everything that has a name, so that changes of it are looked at and not only its absence. */
async function furnish(): Promise<Known> {
  for (const [path, body] of [
    ['/v2/firewall/fwsets', { name: 'x1', type: 'net' }],
    ['/v2/firewall/subtables', { name: 'x1', type: 'FORWARD', rules: [] }],
    ['/v2/firewall/rules-groups', { name: 'x1' }],
    ['/system/variables', { name: 'x1', value: '10.0.0.0/8' }],
    ['/mesh/users', { name: 'x1', password: 'a good password', role: 'admin' }],
    ['/links', { id: 1, name: 'x1', conf: CONF }],
    ['/routes', { cidr: '10.8.0.0/24' }],
    ['/v2/firewall/rules', { rule: RULE }],
  ] as const) {
    const made = await subject.api('POST', path, body, headers);
    expect([path, made.status < 300, made.text]).toEqual([path, true, made.text]);
  }
  const [rules, packs] = await Promise.all(
    ['/v2/firewall/rules', '/mesh/clientpacks'].map((path) => subject.api('GET', path, undefined, headers)),
  );
  return {
    rule: String(rules!.json.response[0].id),
    pack: String(packs!.json.response[0].name),
  };
}

it('classes 1, 2: nothing that is typed into any field is executed', { timeout: 240_000 }, async () => {
  const touch = `touch ${wire}`;
  const faults: string[] = [];
  let sent = 0;
  const known = await furnish();
  let looked = 0;
  const send = async (operation: Operation, path: string, body: string, name: string) => {
    sent++;
    const { method, isRaw, permission } = operation;
    const type = isRaw && { 'content-type': 'text/plain' };
    // Guesses at passwords come from many addresses, or they would be waiting most of the time.
    const from = permission === 'public' && { from: `127.0.${sent >> 8}.${sent & 255 || 1}` };
    const answer = await subject.ask({ method, path, headers: { ...headers, ...type }, body, ...from });
    if (answer.status >= 500) faults.push(`${method} ${path} ${name}: ${answer.status} ${answer.text}`);
    if (answer.status < 300 || answer.text.includes(name) || answer.text.includes('touch')) looked++;
  };
  let fields = 0;
  for (const operation of operations().filter(({ isStream }) => !isStream)) {
    const beside = (name: string, schema: Schema) => besides(operation, name, schema, known);
    for (const { name, build } of fieldsOf(operation, known)) {
      fields++;
      const path = target(operation, beside);
      for (const attempt of ATTEMPTS)
        await send(operation, path, JSON.stringify(build(attempt(touch))), name);
    }
    for (const { name } of operation.parameters) {
      fields++;
      for (const attempt of ATTEMPTS) {
        const path = target(operation, (other, schema) =>
          other === name ? attempt(touch) : beside(other, schema),
        );
        await send(operation, path, rightBody(operation, known), name);
      }
    }
    if (operation.isRaw)
      for (const attempt of ATTEMPTS) await send(operation, operation.path, attempt(touch), 'body');
  }
  console.log(
    `${sent} attempts in ${fields} fields; ${looked} were looked at, ${applier.taken} documents reached the applier`,
  );
  expect(fields).toBeGreaterThan(500);
  expect(sent).toBeGreaterThanOrEqual(fields * ATTEMPTS.length);
  // Most were judged by themselves, and not refused because of something beside them.
  expect(looked).toBeGreaterThan(sent * 0.85);
  expect(applier.taken).toBeGreaterThan(100);
  expect(faults).toEqual([]);
  expect(existsSync(wire)).toBe(false);
  expect([subject.watch.programs(), subject.watch.faultsOfEndedPrograms()]).toEqual([[], 0]);
  expect(subject.isRunning).toBe(true);
  expect(subject.output).not.toMatch(/^(defect|unhandled)/m);
});
