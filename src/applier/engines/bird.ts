import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import type { DesiredState } from '../../desired/state.ts';
import { renderBird } from '../../render/bird.ts';
import { enginePaths } from '../../render/engine-paths.ts';
import { command } from '../command.ts';
import type { Services } from '../services/service.ts';
import { BirdClient } from './bird-client.ts';

/** Seconds after which BIRD takes a change back unless we confirm it. */
const CONFIRM_WITHIN = 20;

/** Whoever checks a file opens the log that it names, which lies where BIRD could have put a link to something else. */
const AS_BIRD = ['--reuid', 'bird', '--regid', 'bird', '--clear-groups'];

/**
 * The one owner of BIRD. A change is one transaction: candidate file, check, timed configure, verify, confirm, and only
 * then the file that BIRD starts from. A second change during the first would silently confirm it, so callers queue.
 */
export class Bird {
  readonly #services: Services;
  readonly #client = new BirdClient(enginePaths.birdSocket);
  #user: User | null = null;

  constructor(services: Services) {
    this.#services = services;
  }

  async apply(state: DesiredState): Promise<void> {
    const text = renderBird(state);
    this.#user ??= await birdUser();
    const user = this.#user;
    prepareFolders(user);
    await this.#endFormer();
    const running = (await this.#services.status('bird')).running;
    if (!running) {
      // Nothing to lose yet: BIRD checks the file by itself, and a bad one must not become the boot file.
      writeCandidate(text, user);
      await command('setpriv', [...AS_BIRD, 'bird', '-p', '-c', enginePaths.birdCandidate]);
      renameSync(enginePaths.birdCandidate, enginePaths.birdConfig);
      await this.#services.start('bird');
      await this.#untilAnswering();
      return;
    }
    await this.#services.keep('bird');
    if (existsSync(enginePaths.birdConfig) && readFileSync(enginePaths.birdConfig, 'utf8') === text) return;
    await this.#reconfigure(text, state, user);
  }

  /** One that 0.1 started listens elsewhere, and would go on doing so for as long as it runs. */
  async #endFormer(): Promise<void> {
    const former = `${enginePaths.bird}/bird.ctl`;
    if (!existsSync(former)) return;
    await this.#services.stop('bird');
    rmSync(former, { force: true });
  }

  /** Makes sure that BIRD has a supervisor; its configuration is `apply`'s business. */
  keep(): Promise<void> {
    return this.#services.keep('bird');
  }

  async #reconfigure(text: string, state: DesiredState, user: User): Promise<void> {
    await this.#untilAnswering();
    writeCandidate(text, user);
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

interface User {
  readonly uid: number;
  readonly gid: number;
}

/**
 * BIRD faces the network. What root writes and reads lies where BIRD can only read, so that one that was taken over cannot lead
 * root's hand elsewhere with a link; its socket and its log lie in a folder of its own, which root does not write to.
 */
function prepareFolders({ uid, gid }: User): void {
  mkdirSync(enginePaths.bird, { recursive: true });
  chownSync(enginePaths.bird, 0, gid);
  chmodSync(enginePaths.bird, 0o750);
  if (!existsSync(enginePaths.birdOwn)) mkdirSync(enginePaths.birdOwn, { mode: 0o700 });
  chownSync(enginePaths.birdOwn, uid, gid);
}

/** BIRD gives up root before it reads its file. */
function writeCandidate(text: string, { gid }: User): void {
  writeFileSync(enginePaths.birdCandidate, text, { mode: 0o640 });
  chownSync(enginePaths.birdCandidate, 0, gid);
  // The umask takes from the mode what BIRD's group needs.
  chmodSync(enginePaths.birdCandidate, 0o640);
}

async function birdUser(): Promise<User> {
  const entry = (await command('getent', ['passwd', 'bird'])).split(':');
  return { uid: Number(entry[2]), gid: Number(entry[3]) };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
