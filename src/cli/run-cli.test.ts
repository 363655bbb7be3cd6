import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { RefusedError } from './cli-error.ts';
import { Client } from './client.ts';
import { completionScript } from './completion.ts';
import { httpsEndpoint, socketEndpoint } from './endpoint.ts';
import { hasSegmentationOffload } from './machine-check.ts';
import { parseRows } from './peering-file.ts';
import { buildProgram } from './program.ts';
import { runCli } from './run-cli.ts';
import { runScripts, serviceUser } from './serve/services.ts';
import { stepsOf, tiers } from './test-plan.ts';

const directory = mkdtempSync(join(tmpdir(), 'mw-cli-'));
let server: Server;

beforeAll(async () => {
  server = createServer((request, reply) => {
    reply.setHeader('content-type', 'application/json');
    if (request.url === '/api/refused') {
      reply.statusCode = 400;
      reply.setHeader('meshwright-error', 'ARGUMENT_INVALID');
      reply.setHeader('meshwright-field', 'cidr');
      reply.end('{"error":{"name":"APIArgumentError","log":"","message":"bad route"}}');
      return;
    }
    reply.end('{"response":{"fine":true}}');
  });
  await new Promise<void>((resolve) => server.listen(join(directory, 'api.sock'), resolve));
});

afterAll(() => {
  server.close();
  rmSync(directory, { recursive: true });
});

afterEach(() => vi.restoreAllMocks());

function captured() {
  let out = '';
  let err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text);
    return true;
  });
  return { out: () => out, err: () => err };
}

describe('exit codes', () => {
  it.each([
    [['--version'], 0],
    [['lab', '--help'], 0],
    [['no-such-verb'], 2],
    [['lab', 'cut', 'x'], 2],
    [['lab', 'up', '--size', '11'], 2],
    [['join'], 2],
    [['join', '--new'], 2],
    [['peering', 'self', '0'], 2],
    [['status', '--url', 'http://10.0.0.1'], 2],
    [['status', '--url', 'https://api:secret@10.0.0.1'], 2],
    [['test', '--nonsense'], 2],
  ])('%j ends with %i', async (argv, code) => {
    captured();
    process.env.MESHWRIGHT_PASSWORD = 'x';
    expect(await runCli(argv)).toBe(code);
  });

  it('says in one line that nobody answers', async () => {
    const { err } = captured();
    process.env.MESHWRIGHT_PASSWORD = 'x';
    expect(await runCli(['status', '--url', 'https://127.0.0.1:1'])).toBe(3);
    expect(err()).toBe(
      'meshwright: https://127.0.0.1:1: nothing listens there (not running, or restarting)\n',
    );
  });
});

describe('every verb', () => {
  it('has a description and help', () => {
    const walk = (command: ReturnType<typeof buildProgram>): void => {
      expect(command.description(), command.name()).not.toBe('');
      expect(command.helpInformation()).toContain('Usage: ');
      command.commands.forEach(walk);
    };
    walk(buildProgram());
  });

  it.each(['bash', 'zsh', 'fish'] as const)('is in the completion of %s', (shell) => {
    const script = completionScript(buildProgram(), shell);
    for (const word of ['peering', 'fetch', 'credentials', 'loss']) expect(script).toContain(word);
  });
});

describe('client', () => {
  const client = () => new Client(socketEndpoint(join(directory, 'api.sock'), 'it'));

  it('opens the envelope', async () => {
    expect(await client().get('/config')).toEqual({ fine: true });
  });

  it('makes one clear line of a refusal', async () => {
    const error = await client()
      .get('/refused')
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(RefusedError);
    expect(error).toMatchObject({ exitCode: 4, status: 400, code: 'ARGUMENT_INVALID', field: 'cidr' });
    expect((error as Error).message).toBe('it: bad route (field cidr)');
  });

  it('calls a field as it was entered, and leaves others alone', () => {
    const error = new RefusedError(400, 'it: name is invalid: "a b" is no name', 'ARGUMENT_INVALID', 'name');
    expect(error.calling('name', 'address')).toMatchObject({
      message: 'it: address is invalid: "a b" is no name',
      field: 'address',
      status: 400,
    });
    expect(error.calling('mtu', 'size')).toBe(error);
  });

  it('reads addresses', () => {
    expect(httpsEndpoint('10.0.0.1', null)).toMatchObject({ host: '10.0.0.1', port: 8000 });
    expect(httpsEndpoint('https://mesh.example:443', null).port).toBe(443);
    expect(httpsEndpoint('fd00::1', null)).toMatchObject({ host: 'fd00::1', port: 8000 });
    expect(() => httpsEndpoint('10.0.0.1', null, 'abc')).toThrow('64 hex digits');
  });
});

describe('files and plans', () => {
  it('reads a peering table', () => {
    const expected = {
      self: 1,
      rows: [
        { id: 2, address: '203.0.113.7', mtu: 1400 },
        { id: 3, address: 'c.example' },
      ],
    };
    expect(parseRows('self 1\n# comment\n2 203.0.113.7 1400\n\n3 c.example # rome\n')).toEqual(expected);
    expect(parseRows(JSON.stringify({ self: 1, peers: expected.rows }))).toEqual(expected);
    expect(() => parseRows('2\n')).toThrow('line 1');
  });

  it('takes no secret as an argument: every user of a machine can read those', () => {
    const options = (command: ReturnType<typeof buildProgram>): (string | undefined)[] => [
      ...command.options.map((one) => one.long),
      ...command.commands.flatMap(options),
    ];
    expect(options(buildProgram())).not.toEqual(expect.arrayContaining(['--password']));
    expect(options(buildProgram())).not.toEqual(expect.arrayContaining(['--token']));
  });

  it('runs the tiers of tests one after the other', () => {
    expect(tiers).toEqual(['check', 'unit', 'e2e', 'browser']);
    expect(stepsOf('check').map((step) => step.name)).toEqual(['types', 'console types', 'style']);
    expect(stepsOf('e2e', ['failover'])[0]!.argv.at(-1)).toBe('failover');
  });

  it('knows a wireguard-go with segmentation offload', () => {
    expect(hasSegmentationOffload('wireguard-go v0.0.20230223')).toBe(true);
    expect(hasSegmentationOffload('wireguard-go v0.0.20220316')).toBe(false);
    expect(hasSegmentationOffload('unknown')).toBe(false);
  });

  it('starts the controller without any capability', () => {
    expect(runScripts.controller).toContain('--bounding-set=-all');
    expect(runScripts.controller).toContain('--no-new-privs');
    expect(runScripts.applier).toContain('+net_admin');
    expect(runScripts.applier).not.toContain('sys_admin');
    expect(serviceUser('root:x:0:0::/:/bin/sh\nmeshwright:x:994:993::/:/bin/false\n')).toEqual({
      uid: 994,
      gid: 993,
    });
  });
});
