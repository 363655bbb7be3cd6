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
    const present = await this.#present();
    for (const name of present) if (!wanted.has(name)) await this.#remove(name);
    for (const link of links) await this.#ensure(link, present.has(`mw${link.peer}`));
  }

  async #present(): Promise<Set<string>> {
    const interfaces = JSON.parse((await command('ip', ['-j', 'link', 'show'])) || '[]') as {
      ifname: string;
    }[];
    const engines = await this.#services.list();
    const names = [
      ...interfaces.map(({ ifname }) => ifname),
      ...engines.map((name) => name.replace('link@', '')),
    ];
    return new Set(names.filter((name) => /^mw\d+$/.test(name)));
  }

  async #ensure(link: DesiredLink, exists: boolean): Promise<void> {
    const name = `mw${link.peer}`;
    const changed = [
      writeIfChanged(`${enginePaths.links}/${name}.conf`, renderWireguard(link)),
      writeIfChanged(`${enginePaths.links}/${name}.ip`, renderLinkAddresses(link)),
    ].some(Boolean);
    const up = exists && (await isUp(name));
    if (!up) await this.#create(name);
    else if (changed) await configure(name);
    else if (!this.#kernel) await this.#services.start(`link@${name}` as EngineName);
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

async function isUp(name: string): Promise<boolean> {
  const text = await command('ip', ['-j', 'link', 'show', 'dev', name]).catch(() => '[]');
  const [link] = JSON.parse(text) as { flags?: string[] }[];
  return link?.flags?.includes('UP') ?? false;
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
