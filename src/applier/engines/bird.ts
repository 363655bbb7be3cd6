import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { DesiredState } from '../../desired/state.ts';
import { renderBird } from '../../render/bird.ts';
import { enginePaths } from '../../render/engine-paths.ts';
import { command } from '../command.ts';
import type { Services } from '../services/service.ts';
import { BirdClient } from './bird-client.ts';

/** Seconds after which BIRD takes a change back unless we confirm it. */
const CONFIRM_WITHIN = 20;

/**
 * The one owner of BIRD. A change is one transaction: candidate file, check, timed configure, verify, confirm, and only
 * then the file that BIRD starts from. A second change during the first would silently confirm it, so callers queue.
 */
export class Bird {
  readonly #services: Services;
  readonly #client = new BirdClient(enginePaths.birdSocket);
  #user: Owner | null = null;

  constructor(services: Services) {
    this.#services = services;
  }

  async apply(state: DesiredState): Promise<void> {
    const text = renderBird(state);
    this.#user ??= await birdUser();
    const owner = this.#user;
    mkdirSync(enginePaths.bird, { recursive: true });
    chownSync(enginePaths.bird, owner.uid, owner.gid);
    const running = (await this.#services.status('bird')).running;
    if (!running) {
      // Nothing to lose yet: BIRD checks the file by itself, and a bad one must not become the boot file.
      writeCandidate(text, owner);
      await command('bird', ['-p', '-c', enginePaths.birdCandidate]);
      renameSync(enginePaths.birdCandidate, enginePaths.birdConfig);
      await this.#services.start('bird');
      await this.#untilAnswering();
      return;
    }
    await this.#services.keep('bird');
    if (existsSync(enginePaths.birdConfig) && readFileSync(enginePaths.birdConfig, 'utf8') === text) return;
    await this.#reconfigure(text, state, owner);
  }

  /** Makes sure that BIRD has a supervisor; its configuration is `apply`'s business. */
  keep(): Promise<void> {
    return this.#services.keep('bird');
  }

  async #reconfigure(text: string, state: DesiredState, owner: Owner): Promise<void> {
    await this.#untilAnswering();
    writeCandidate(text, owner);
    await this.#client.command(`configure check "${enginePaths.birdCandidate}"`);
    await this.#client.command(`configure "${enginePaths.birdCandidate}" timeout ${CONFIRM_WITHIN}`);
    try {
      await this.#untilConfigured();
      await this.#verify(state);
    } catch (error) {
      await this.#client.command('configure undo').catch(() => undefined);
      throw error;
    }
    await this.#client.command('configure confirm');
    renameSync(enginePaths.birdCandidate, enginePaths.birdConfig);
  }

  /** BIRD answers "in progress" while sessions that the change removed still close. */
  async #untilConfigured(): Promise<void> {
    for (let tries = 0; tries < 200; tries++) {
      const reply = await this.#client.command('configure status');
      const words = reply.lines.map((line) => line.text).join(' ');
      if (!/in progress|queued/i.test(words)) return;
      await pause(50);
    }
    throw new Error('BIRD did not finish its reconfiguration within 10 s');
  }

  async #verify({ links }: DesiredState): Promise<void> {
    const reply = await this.#client.command('show protocols');
    const names = new Set(reply.lines.map((line) => line.text.split(/\s+/)[0]));
    const missing = links.filter((link) => !names.has(`peer${link.peer}`));
    if (missing.length > 0)
      throw new Error(`BIRD has no session for controller ${missing[0]!.peer} after the change`);
  }

  async #untilAnswering(): Promise<void> {
    let last: Error = new Error('BIRD did not start');
    for (let tries = 0; tries < 250; tries++) {
      try {
        if (!this.#client.connected) await this.#client.open();
        await this.#client.command('show status');
        return;
      } catch (error) {
        last = error as Error;
        this.#client.close();
        await pause(20);
      }
    }
    throw last;
  }

  /** One query for observation; goes through the same queue as changes. */
  async query(text: string): Promise<string[]> {
    if (!this.#client.connected) await this.#client.open();
    return (await this.#client.command(text)).lines.map((line) => line.text);
  }
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** BIRD gives up root before it reads its file. */
function writeCandidate(text: string, owner: Owner): void {
  writeFileSync(enginePaths.birdCandidate, text, { mode: 0o600 });
  chownSync(enginePaths.birdCandidate, owner.uid, owner.gid);
}

async function birdUser(): Promise<Owner> {
  const entry = (await command('getent', ['passwd', 'bird'])).split(':');
  return { uid: Number(entry[2]), gid: Number(entry[3]) };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
