import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { DesiredState } from '../../desired/state.ts';
import type { Cidr } from '../../net/ipv4.ts';
import { paths } from '../../paths.ts';
import { enginePaths } from '../../render/engine-paths.ts';
import { openvpnClientName, openvpnHook, renderOpenvpn, renderOpenvpnClients } from '../../render/openvpn.ts';
import type { Services } from '../services/service.ts';
import { writeIfChanged } from './links.ts';
import { OpenvpnManagement, type OpenvpnSession } from './openvpn-management.ts';
import { ToldNetworks } from './told-networks.ts';

/** What a client is told takes this long to leave. */
const TELL_MS = 200;
/** For so long a session is new. */
const NEW_MS = 60_000;

/** The OpenVPN server: its files, its service, and the sessions that must not be there any more. */
export class Openvpn {
  readonly #services: Services;
  readonly #management = new OpenvpnManagement();
  /** What the directory of clients holds, so that it is read once only. */
  #files: Map<string, string> | null = null;
  /** When sessions were ended to be told of new networks, by name, so that nobody is disturbed again and again. */
  #toldAgain = new Map<string, number>();
  readonly #networks = new ToldNetworks(paths.toldNetworks);

  constructor(services: Services) {
    this.#services = services;
  }

  async apply(state: DesiredState): Promise<void> {
    const { clients } = state;
    if (!clients) {
      this.#networks.forget();
      if ((await this.#services.list()).some(({ name }) => name === 'openvpn'))
        await this.#services.stop('openvpn');
      return;
    }
    mkdirSync(enginePaths.openvpnClients, { recursive: true, mode: 0o700 });
    this.#syncClients(state);
    const changed = [
      writeIfChanged(enginePaths.openvpnHook, openvpnHook(state.self.ula)),
      writeIfChanged(enginePaths.openvpnConfig, renderOpenvpn(state, clients)),
    ].some(Boolean);
    const { running } = await this.#services.status('openvpn');
    if (running && changed) await this.#services.stop('openvpn');
    if (running && !changed) await this.#services.keep('openvpn');
    else await this.#services.start('openvpn');
  }

  /** Shuts out and cuts who may not come any more. Those who have to leave a drained controller are not among them. */
  async revoke(state: DesiredState): Promise<void> {
    if (!state.clients || !existsSync(enginePaths.openvpnClients)) return;
    this.#shutOut(new Set(state.clients.list.map(openvpnClientName)));
    await this.cut(await this.#strangers());
  }

  keep(): Promise<void> {
    return this.#services.keep('openvpn');
  }

  /** Networks behind the mesh that clients are told when they connect. */
  async tell(state: DesiredState, networks: readonly Cidr[]): Promise<void> {
    const before = new Set(this.#networks.list);
    if (!this.#networks.update(networks)) return;
    this.#syncClients(state);
    if (this.#networks.list.some((cidr) => !before.has(cidr))) await this.#tellAgain();
  }

  /** Whoever came a moment before a network did is asked to connect again: nobody would know why it lacks that one. */
  async #tellAgain(): Promise<void> {
    const now = Date.now();
    // What lies in the future is from before the clock was set back.
    const isNew = (at: number | undefined) => at !== undefined && at <= now && now - at < NEW_MS;
    const told = (await this.sessions()).filter(
      ({ name, since }) => isNew(since) && !isNew(this.#toldAgain.get(name)),
    );
    this.#toldAgain = new Map([...this.#toldAgain].filter(([, at]) => isNew(at)));
    for (const { name } of told) this.#toldAgain.set(name, now);
    await this.cut(told, 'same');
  }

  /** Sessions that the state does not allow: of clients without a file, or all of them while we are drained. */
  async forbidden({ clients }: DesiredState): Promise<OpenvpnSession[]> {
    return clients?.drained ? this.sessions() : this.#strangers();
  }

  async #strangers(): Promise<OpenvpnSession[]> {
    return (await this.sessions()).filter(({ name }) => !this.#files?.has(name));
  }

  sessions(): Promise<OpenvpnSession[]> {
    return this.#management.sessions().catch(() => []);
  }

  /** Each client is told first, so that an honest one goes on elsewhere at once; then the session is gone. */
  async cut(sessions: readonly OpenvpnSession[], goTo: 'next' | 'same' = 'next'): Promise<void> {
    if (sessions.length === 0) return;
    for (const session of sessions) await this.#management.dismiss(session, goTo).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, TELL_MS));
    for (const session of sessions) await this.#management.end(session).catch(() => undefined);
  }

  stop(): void {
    this.#management.close();
  }

  /** Removes the files of all others; returns what is left. */
  #shutOut(wanted: ReadonlySet<string>): Map<string, string> {
    const present =
      this.#files ?? new Map(readdirSync(enginePaths.openvpnClients).map((name) => [name, 'unknown']));
    for (const name of [...present.keys()].filter((name) => !wanted.has(name))) {
      rmSync(`${enginePaths.openvpnClients}/${name}`, { force: true });
      present.delete(name);
    }
    this.#files = present;
    return present;
  }

  /** OpenVPN reads a file when its client connects, so each is complete at every moment: written aside, renamed. */
  #syncClients(state: DesiredState): void {
    const render = renderOpenvpnClients(state, this.#networks.list);
    const wanted = new Map(
      (state.clients?.list ?? []).map((client) => [openvpnClientName(client), render(client)]),
    );
    const present = this.#shutOut(new Set(wanted.keys()));
    for (const [name, text] of wanted) {
      if (present.get(name) === text) continue;
      const aside = `${enginePaths.openvpn}/aside`;
      writeFileSync(aside, text, { mode: 0o600 });
      renameSync(aside, `${enginePaths.openvpnClients}/${name}`);
    }
    this.#files = wanted;
  }
}
