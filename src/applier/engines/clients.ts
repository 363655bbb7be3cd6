import type { ObservedClient, ObservedRoute } from '../../desired/observed.ts';
import type { DesiredState } from '../../desired/state.ts';
import {
  type Cidr,
  contains,
  hostRoute,
  type Ipv4,
  networkOf,
  parseCidr,
  parseIpv4,
} from '../../net/ipv4.ts';
import { sessionName } from '../../render/bird-clients.ts';
import { renderWatchedClients } from '../../render/clients-wireguard.ts';
import { CLIENT_INTERFACE, enginePaths, OPENVPN_INTERFACE } from '../../render/engine-paths.ts';
import { command } from '../command.ts';
import type { Services } from '../services/service.ts';
import type { Bird } from './bird.ts';
import { attachedHere, ClientRtt } from './client-rtt.ts';
import { observeClients } from './clients-observe.ts';
import type { IpShow } from './ip-show.ts';
import type { KernelRoute } from './kernel.ts';
import { writeIfChanged } from './links.ts';
import { Openvpn } from './openvpn.ts';
import type { ReadPeers, WireguardPeer } from './wireguard-status.ts';

/**
 * Overlay clients of this controller. Attaching and detaching is done by the engines alone; what is done here is to
 * say who may, to cut who may not any more, and to tell how it is.
 */
export class Clients {
  readonly #services: Services;
  readonly #bird: Bird;
  readonly #ip: IpShow;
  readonly #peers: ReadPeers;
  readonly #openvpn: Openvpn;
  readonly #rtt = new ClientRtt();
  /** Sessions that did not hold their address when we last looked. */
  #displaced = new Set<number>();

  constructor(services: Services, bird: Bird, ip: IpShow, peers: ReadPeers) {
    this.#services = services;
    this.#bird = bird;
    this.#ip = ip;
    this.#peers = peers;
    this.#openvpn = new Openvpn(services);
  }

  /** Runs before everything else of a change: who is shut out must not profit from a busy machine. */
  revoke(state: DesiredState): Promise<void> {
    return this.#openvpn.revoke(state);
  }

  /** Runs after links and BIRD, so that a client that is let in finds its way. */
  async apply(state: DesiredState): Promise<void> {
    if (state.clients)
      writeIfChanged(enginePaths.watchedClients, renderWatchedClients(state.clients, state.self.ula));
    await this.#openvpn.apply(state);
    if (state.clients) await this.#services.start('client-watch');
    else if ((await this.#services.list()).some(({ name }) => name === 'client-watch'))
      await this.#services.stop('client-watch');
    await this.#openvpn.cut(await this.#openvpn.forbidden(state));
  }

  /** `routes` is what the mesh table holds now. */
  async keep(state: DesiredState, routes: readonly KernelRoute[]): Promise<void> {
    if (!state.clients) return;
    void this.#rtt.look(attachedHere(routes, state), state.self.overlayAddress);
    await this.#openvpn.keep();
    await this.#services.keep('client-watch');
    await this.tell(state, routes);
    await this.#openvpn.cut(await this.#openvpn.forbidden(state));
    await this.#cutDisplaced(routes);
  }

  /** Has clients told which networks the mesh knows. */
  tell(state: DesiredState, routes: readonly KernelRoute[]): Promise<void> {
    return this.#openvpn.tell(state, networksIn(routes, state));
  }

  /** `routes` is what BIRD has now. */
  async observe(
    state: DesiredState | null,
    peers: readonly WireguardPeer[],
    routes: readonly ObservedRoute[],
  ): Promise<ObservedClient[]> {
    if (!state?.clients) return [];
    const observed = await observeClients(state, this.#openvpn, this.#bird, this.#ip, peers, routes);
    return observed.map((client) => ({ ...client, rttMs: this.#rtt.of(client.address, deviceOf(client)) }));
  }

  /** Cuts what these clients have here: OpenVPN sessions, HA sessions, WireGuard keys for a moment. */
  async disconnect(state: DesiredState, addresses: ReadonlySet<string>): Promise<void> {
    const concerned = ({ address }: { address: string }) => addresses.has(address);
    await this.#openvpn.cut((await this.#openvpn.sessions()).filter(concerned));
    const peers = await this.#peers();
    const observed = await observeClients(state, this.#openvpn, this.#bird, this.#ip, peers, []);
    const attached = observed.filter((one) => concerned(one) && one.kind !== 'openvpn');
    for (const { kind, address } of attached)
      if (kind === 'ha') await this.#bird.query(`restart ${sessionName(address)}`);
    const held = new Set(attached.map(({ address }) => address));
    const keys = (state.clients?.list ?? [])
      .filter(({ address }) => held.has(address))
      .map(({ wireguardKey }) => wireguardKey);
    if (keys.length === 0) return;
    await command('wg', ['set', CLIENT_INTERFACE, ...keys.flatMap((key) => ['peer', key, 'remove'])]);
    await command('wg', ['syncconf', CLIENT_INTERFACE, `${enginePaths.links}/${CLIENT_INTERFACE}.conf`]);
  }

  stop(): void {
    this.#openvpn.stop();
  }

  /** The newest attachment holds an address. A session that was seen without it twice is told to go. */
  async #cutDisplaced(routes: readonly KernelRoute[]): Promise<void> {
    const holders = new Map(routes.map(({ dst, dev }) => [dst, dev]));
    const displaced = (await this.#openvpn.sessions()).filter(({ address }) => {
      const device = holders.get(address);
      return device !== undefined && device !== OPENVPN_INTERFACE;
    });
    await this.#openvpn.cut(displaced.filter(({ id }) => this.#displaced.has(id)));
    this.#displaced = new Set(displaced.map(({ id }) => id));
  }
}

const deviceOf = ({ kind }: ObservedClient) => (kind === 'openvpn' ? OPENVPN_INTERFACE : CLIENT_INTERFACE);

/** The networks behind the mesh as a client should know them: those of others that BIRD found, and our own. */
function networksIn(routes: readonly KernelRoute[], state: DesiredState): Cidr[] {
  const overlay = state.self.overlaySubnet as Cidr;
  const learnt = routes
    .filter(({ protocol }) => protocol === 'bird')
    .map(({ dst }) => (parseIpv4(dst) ? hostRoute(dst as Ipv4) : parseCidr(dst)))
    .filter((cidr) => cidr !== null);
  const own = state.routes.filter(({ advertise }) => advertise).map(({ cidr }) => cidr as Cidr);
  return [...new Set([...learnt, ...own])].filter((cidr) => !contains(overlay, networkOf(cidr))).sort();
}
