import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { DesiredLink } from '../../desired/state.ts';
import { enginePaths } from '../../render/engine-paths.ts';
import { renderLinkAddresses, renderWireguard } from '../../render/wireguard.ts';
import { command } from '../command.ts';
import type { EngineName, Services } from '../services/service.ts';

/**
 * The tunnels. A userspace WireGuard process is an engine of its own (packaging/link-engine); where the kernel has
 * WireGuard the interface is the engine and nothing has to run.
 */
export class Links {
  readonly #services: Services;
  readonly #kernel: boolean;

  constructor(services: Services, kernelWireguard: boolean) {
    this.#services = services;
    this.#kernel = kernelWireguard;
  }

  /** Makes the set of tunnels equal to `links`. A link that did not change is not touched at all. */
  async apply(links: readonly DesiredLink[]): Promise<void> {
    mkdirSync(enginePaths.links, { recursive: true, mode: 0o700 });
    const wanted = new Set(links.map((link) => `mw${link.peer}`));
    const interfaces = await this.#interfaces();
    const engines = (await this.#services.list()).map((name) => name.replace('link@', ''));
    const present = [...interfaces.keys(), ...engines].filter((name) => /^mw\d+$/.test(name));
    for (const name of new Set(present)) if (!wanted.has(name)) await this.#remove(name);
    for (const link of links) await this.#ensure(link, interfaces.get(`mw${link.peer}`));
  }

  /** Every interface of the machine and whether it is up. */
  async #interfaces(): Promise<Map<string, boolean>> {
    const links = JSON.parse((await command('ip', ['-j', 'link', 'show'])) || '[]') as {
      ifname: string;
      flags: string[];
    }[];
    return new Map(links.map(({ ifname, flags }) => [ifname, flags.includes('UP')]));
  }

  /** `isUp` is undefined while there is no interface. */
  async #ensure(link: DesiredLink, isUp: boolean | undefined): Promise<void> {
    const name = `mw${link.peer}`;
    const changed = [
      writeIfChanged(`${enginePaths.links}/${name}.conf`, renderWireguard(link)),
      writeIfChanged(`${enginePaths.links}/${name}.ip`, renderLinkAddresses(link)),
    ].some(Boolean);
    if (!isUp) await this.#create(name);
    else if (changed) await configure(name);
    // Somebody took the interface down: its engine runs and will not touch it by itself.
    if (isUp === false) await command('ip', ['-batch', `${enginePaths.links}/${name}.ip`]);
    if (!this.#kernel) await this.#services.keep(`link@${name}` as EngineName);
  }

  async #create(name: string): Promise<void> {
    if (!this.#kernel) {
      await this.#services.start(`link@${name}` as EngineName);
      return;
    }
    await command('ip', ['link', 'add', name, 'type', 'wireguard']).catch((error: Error) => {
      if (!error.message.includes('File exists')) throw error;
    });
    await configure(name);
  }

  async #remove(name: string): Promise<void> {
    if (!this.#kernel) await this.#services.stop(`link@${name}` as EngineName);
    await command('ip', ['link', 'delete', name]).catch(() => undefined);
    rmSync(`${enginePaths.links}/${name}.conf`, { force: true });
    rmSync(`${enginePaths.links}/${name}.ip`, { force: true });
  }
}

/** Changes keys, endpoint and addresses of a running tunnel; sessions in it go on. */
async function configure(name: string): Promise<void> {
  await command('wg', ['syncconf', name, `${enginePaths.links}/${name}.conf`]);
  await command('ip', ['-batch', `${enginePaths.links}/${name}.ip`]);
}

function writeIfChanged(path: string, text: string): boolean {
  try {
    if (readFileSync(path, 'utf8') === text) return false;
  } catch {
    // Not there yet: written below.
  }
  writeFileSync(path, text, { mode: 0o600 });
  return true;
}

/** Whether this kernel can make WireGuard interfaces itself. Asks by making one, which is the only honest test. */
export async function kernelHasWireguard(): Promise<boolean> {
  try {
    await command('ip', ['link', 'add', 'mwprobe', 'type', 'wireguard']);
    await command('ip', ['link', 'delete', 'mwprobe']);
    return true;
  } catch {
    return false;
  }
}
