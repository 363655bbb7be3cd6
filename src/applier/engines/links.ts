import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { DesiredState } from '../../desired/state.ts';
import { renderClientAddresses, renderClientWireguard } from '../../render/clients-wireguard.ts';
import { CLIENT_INTERFACE, enginePaths } from '../../render/engine-paths.ts';
import { renderLinkAddresses, renderWireguard } from '../../render/wireguard.ts';
import { command } from '../command.ts';
import type { EngineName, Services } from '../services/service.ts';
import type { IpShow } from './ip-show.ts';

/**
 * The tunnels. A userspace WireGuard process is an engine of its own (packaging/link-engine); where the kernel has
 * WireGuard the interface is the engine and nothing has to run.
 */
export class Links {
  readonly #services: Services;
  readonly #ip: IpShow;
  readonly #kernel: boolean;

  constructor(services: Services, ip: IpShow, kernelWireguard: boolean) {
    this.#services = services;
    this.#ip = ip;
    this.#kernel = kernelWireguard;
  }

  /** Makes the set of tunnels equal to the state's. One that did not change is not touched at all. */
  async apply(state: DesiredState): Promise<void> {
    mkdirSync(enginePaths.links, { recursive: true, mode: 0o700 });
    const tunnels = tunnelsOf(state);
    const wanted = new Set(tunnels.map(({ name }) => name));
    const interfaces = await this.#interfaces();
    const engines = (await this.#services.list()).map(({ name }) => name.replace('link@', ''));
    const present = [...interfaces.keys(), ...engines].filter((name) => OURS.test(name));
    for (const name of new Set(present)) if (!wanted.has(name)) await this.#remove(name);
    for (const tunnel of tunnels) await this.#ensure(tunnel, interfaces.get(tunnel.name));
  }

  /** Every interface of the machine and whether it is up. */
  async #interfaces(): Promise<Map<string, boolean>> {
    const links = await this.#ip.ask<{ ifname: string; flags: string[] }>('link show');
    return new Map(links.map(({ ifname, flags }) => [ifname, flags.includes('UP')]));
  }

  /** `isUp` is undefined while there is no interface. */
  async #ensure({ name, wireguard, addresses }: Tunnel, isUp: boolean | undefined): Promise<void> {
    const changed = [
      writeIfChanged(`${enginePaths.links}/${name}.conf`, wireguard),
      writeIfChanged(`${enginePaths.links}/${name}.ip`, addresses),
    ].some(Boolean);
    if (!isUp) await this.#create(name);
    else if (changed) await configure(name);
    // Somebody took the interface down, or its process began anew just when its helper was done with the former one: whoever
    // runs now will not touch it by itself, and may have no keys.
    if (isUp === false) await configure(name);
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

const OURS = new RegExp(`^(mw\\d+|${CLIENT_INTERFACE})$`);

interface Tunnel {
  readonly name: string;
  readonly wireguard: string;
  readonly addresses: string;
}

/** The links to peers, and the one interface that all WireGuard clients share. */
function tunnelsOf({ self, links, clients }: DesiredState): Tunnel[] {
  const tunnels = links.map((link) => ({
    name: `mw${link.peer}`,
    wireguard: renderWireguard(link, self.ula),
    addresses: renderLinkAddresses(link),
  }));
  if (!clients) return tunnels;
  const shared = {
    name: CLIENT_INTERFACE,
    wireguard: renderClientWireguard(clients, self.ula),
    addresses: renderClientAddresses(clients),
  };
  return [...tunnels, shared];
}

/** Changes keys, endpoint and addresses of a running tunnel; sessions in it go on. */
async function configure(name: string): Promise<void> {
  await command('wg', ['syncconf', name, `${enginePaths.links}/${name}.conf`]);
  await command('ip', ['-batch', `${enginePaths.links}/${name}.ip`]);
}

export function writeIfChanged(path: string, text: string): boolean {
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
