import { spawn } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { enginePaths } from '../../render/engine-paths.ts';
import { command } from '../command.ts';
import {
  type EngineName,
  engineCommand,
  isEngineName,
  type Service,
  type ServiceStatus,
  type Services,
} from './service.ts';

/**
 * Engines under runit's `runsv`, for machines without systemd and for the lab. Each runsv is started detached in a
 * session of its own without any pipe to us; whoever starts next finds it by its supervise directory.
 */
export class RunitServices implements Services {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async start(name: EngineName): Promise<void> {
    const dir = directory(name);
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const run = `#!/bin/sh\nexec ${engineCommand(name, this.#root).join(' ')} </dev/null >/dev/null 2>&1\n`;
    writeFileSync(`${dir}/run`, run, { mode: 0o700 });
    if (supervised(dir)) {
      if (!statusOf(name).running) await command('sv', ['up', dir]);
      return;
    }
    spawn('setsid', ['runsv', dir], { detached: true, stdio: 'ignore', cwd: '/' }).unref();
    await until(() => supervised(dir), `runsv did not take over ${name}`);
  }

  async keep(name: EngineName): Promise<void> {
    if (!supervised(directory(name))) await this.start(name);
  }

  async stop(name: EngineName): Promise<void> {
    const dir = directory(name);
    if (supervised(dir)) {
      await command('sv', ['exit', dir]);
      await until(() => !supervised(dir), `${name} did not stop`);
    }
    rmSync(dir, { recursive: true, force: true });
  }

  async status(name: EngineName): Promise<ServiceStatus> {
    return statusOf(name);
  }

  async list(): Promise<Service[]> {
    try {
      const names = readdirSync(enginePaths.services).filter(isEngineName);
      return names.map((name) => ({ name, ...statusOf(name) }));
    } catch {
      return [];
    }
  }
}

function statusOf(name: EngineName): ServiceStatus {
  const file = `${directory(name)}/supervise/pid`;
  try {
    const pid = Number(readFileSync(file, 'utf8').trim()) || null;
    return { running: pid !== null, pid, since: Math.trunc(statSync(file).mtimeMs) };
  } catch {
    return { running: false, pid: null, since: null };
  }
}

function directory(name: EngineName): string {
  return `${enginePaths.services}/${name}`;
}

/** True while a runsv process holds the directory: it alone reads this pipe, and without a reader it cannot be opened. */
function supervised(dir: string): boolean {
  try {
    closeSync(openSync(`${dir}/supervise/ok`, constants.O_WRONLY | constants.O_NONBLOCK));
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean, failure: string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(failure);
}
