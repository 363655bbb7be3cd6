import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtFile, root } from '../../../src/programs.ts';
import { until } from '../../support/until.ts';
import { type Answer, type Ask, Caller } from './caller.ts';
import { ProcessWatch } from './process-watch.ts';

/** A restart window of the API is over within this time. */
const WINDOW_S = 20;

/** The controller as a machine runs it: the built program as a process of its own, in a folder of its own. */
export class ControllerProcess extends Caller {
  readonly folder = mkdtempSync(join(tmpdir(), 'meshwright-process-'));
  readonly database = join(this.folder, 'var/lib/meshwright/controller.db');
  readonly controlSocket = join(this.folder, 'run/meshwright/control.sock');
  readonly applierSocket = join(this.folder, 'run/meshwright/applier.sock');
  /** All that it wrote to its standard output and error. */
  output = '';
  setupCode = '';
  watch!: ProcessWatch;
  #process!: ChildProcess;
  #port = 0;

  async start(): Promise<this> {
    mkdirSync(join(this.folder, 'run/meshwright'), { recursive: true });
    const environment = {
      PATH: process.env.PATH ?? '',
      MESHWRIGHT_FOLDER: this.folder,
      MESHWRIGHT_PORT: '0',
    };
    this.#process = spawn(process.execPath, [`${root}/${builtFile('controller')}`], {
      env: environment,
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.watch = new ProcessWatch(this.#process.pid!);
    for (const stream of [this.#process.stdout!, this.#process.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
    const port = await until('the controller listens', () => /API on port (\d+)/.exec(this.output)?.[1], {
      within: 30,
      everyMs: 20,
    });
    this.#port = Number(port);
    const { password, setup_code } = (await this.locally('/api/local/credentials')).response;
    this.apiPassword = password;
    this.setupCode = setup_code;
    return this;
  }

  get port(): number {
    return this.#port;
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  async stop(): Promise<void> {
    this.watch.stop();
    this.agent.destroy();
    if (this.isRunning) {
      const ended = once(this.#process, 'exit');
      this.#process.kill('SIGTERM');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Some requests make the API go through its restart window; whoever comes then tries again. */
  override ask(what: Ask): Promise<Answer> {
    return until('an answer', () => super.ask(what).catch(retried), { within: WINDOW_S, everyMs: 100 });
  }

  /** Over the control socket, as root asks. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
  locally(path: string): Promise<any> {
    return new Promise((resolve, reject) => {
      const call = request({ socketPath: this.controlSocket, path }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        answer.on('end', () => resolve(JSON.parse(text)));
      });
      call.on('error', reject).end();
    });
  }
}

function retried(error: NodeJS.ErrnoException): null {
  if (error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET') return null;
  throw error;
}
