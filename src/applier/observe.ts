import type { Observed, ObservedLink } from '../desired/observed.ts';
import type { DesiredState } from '../desired/state.ts';
import { CpuMeter } from './cpu.ts';
import type { Bird } from './engines/bird.ts';
import { parseBfdSessions, parseBgpSessions, parseRoutes } from './engines/bird-parse.ts';
import type { Clients } from './engines/clients.ts';
import type { IpShow } from './engines/ip-show.ts';
import type { Probe } from './engines/probe.ts';
import type { ReadPeers, WireguardPeer } from './engines/wireguard-status.ts';
import { observeInterfaces } from './interfaces.ts';
import type { Services } from './services/service.ts';
import { SteadyTimes } from './steady-time.ts';

/** The machine's own addresses change rarely. */
const MACHINE_MS = 10_000;

/** What BIRD is asked for: sessions of both kinds, and routes. */
const QUERIES = ['show bfd sessions', 'show protocols all "peer*"', 'show route all'] as const;

/** Reads the truth back from kernel and engines. Nothing here is remembered intent. */
export class Observer {
  readonly #services: Services;
  readonly #bird: Bird;
  readonly #probe: Probe;
  readonly #clients: Clients;
  readonly #ip: IpShow;
  readonly #peers: ReadPeers;
  readonly #cpu = new CpuMeter();
  #machine: { at: number; value: Awaited<ReturnType<typeof observeInterfaces>> } | null = null;
  readonly #steady = new SteadyTimes();
  /** When the received bytes of a link last grew. */
  readonly #lastPacket = new Map<string, { bytes: number; at: number | null }>();

  constructor(services: Services, bird: Bird, probe: Probe, clients: Clients, ip: IpShow, peers: ReadPeers) {
    this.#peers = peers;
    this.#clients = clients;
    this.#ip = ip;
    this.#services = services;
    this.#bird = bird;
    this.#probe = probe;
  }

  async observe(
    state: DesiredState | null,
    digest: string | null,
    lastError: string | null,
  ): Promise<Observed> {
    const asked = state ? QUERIES : [];
    const ask = () => Promise.all(asked.map((text) => this.#bird.query(text)));
    // Once more: a process that was stopped for a while takes that time for BIRD's.
    const [[bfdLines = [], bgpLines = [], routeLines = []], peers, machine, engines] = await Promise.all([
      ask()
        .catch(ask)
        .catch((): string[][] => []),
      this.#peers(),
      this.#interfaces(),
      this.#services.list(),
    ]);
    const routes = parseRoutes(routeLines);
    const clients = await this.#clients.observe(state, peers, routes);
    const tunnels = new Map(peers.map((peer) => [peer.device, peer]));
    const bfd = parseBfdSessions(bfdLines);
    const bgp = parseBgpSessions(bgpLines);
    for (const { peer } of state?.links ?? []) this.#probe.setUp(peer, bfd.get(`mw${peer}`)?.state === 'Up');
    const links = (state?.links ?? []).map((link): ObservedLink => {
      const name = `mw${link.peer}`;
      const tunnel = tunnels.get(name);
      return {
        peer: link.peer,
        present: tunnels.has(name),
        endpoint: tunnel?.endpoint ?? null,
        handshakeAt: tunnel?.handshakeAt ?? null,
        rxBytes: tunnel?.rxBytes ?? 0,
        txBytes: tunnel?.txBytes ?? 0,
        lastPacketAt: this.#packetAt(name, tunnel),
        bfd: this.#bfd(name, bfd.get(name)),
        bgp: this.#bgp(name, bgp.get(link.peer)),
        probe: this.#probe.figures(link.peer),
        mtuProbe: this.#probe.mtu(link.peer, Math.min(link.mtu, link.routeMtu)),
      };
    });
    return {
      at: Date.now(),
      appliedDigest: digest,
      lastError,
      engines,
      links,
      routes,
      clients,
      ...machine,
      cpuIdle: this.#cpu.read(),
    };
  }

  #bfd(name: string, seen: ObservedLink['bfd'] | undefined): ObservedLink['bfd'] {
    const session = seen ?? { state: 'absent', since: null, intervalMs: null, timeoutMs: null };
    return { ...session, since: this.#steady.of(name, session.since) };
  }

  #bgp(name: string, seen: ObservedLink['bgp'] | undefined): ObservedLink['bgp'] {
    const nothing = { state: 'absent', since: null, lastError: null, routesImported: 0, routesExported: 0 };
    const session = seen ?? nothing;
    const at = this.#steady.of(`bgp ${name}`, session.since === null ? null : Date.parse(session.since));
    return { ...session, since: at === null ? null : new Date(at).toISOString() };
  }

  #packetAt(name: string, tunnel: WireguardPeer | undefined): number | null {
    const before = this.#lastPacket.get(name);
    const bytes = tunnel?.rxBytes ?? 0;
    const grew = bytes > 0 && bytes !== before?.bytes;
    // Bytes that were there before our first look came at an unknown time; the handshake dates them well enough.
    const at = !grew ? (before?.at ?? null) : before ? Date.now() : (tunnel?.handshakeAt ?? null);
    this.#lastPacket.set(name, { bytes, at });
    return at;
  }

  async #interfaces() {
    const now = performance.now();
    if (!this.#machine || now - this.#machine.at > MACHINE_MS) {
      this.#machine = { at: now, value: await observeInterfaces(this.#ip) };
    }
    return this.#machine.value;
  }

  /** The next observation reads everything anew. */
  forget(): void {
    this.#machine = null;
  }
}
