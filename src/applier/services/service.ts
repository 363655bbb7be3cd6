/**
 * Engines run as services of their own, so that they outlive the applier. Names are from a fixed family
 * (`bird`, `link@mw1` .. `link@mw10`, and for overlay clients `openvpn`, `link@mwclients` and `client-watch`); what they
 * run is constant text that ships with the product.
 */
export type EngineName = 'bird' | 'openvpn' | 'client-watch' | `link@mw${number}` | 'link@mwclients';

export interface ServiceStatus {
  readonly running: boolean;
  readonly pid: number | null;
  /** Unix milliseconds of the last change between running and not running. */
  readonly since: number | null;
}

export interface Service extends ServiceStatus {
  readonly name: EngineName;
}

export interface Services {
  /** Starts the engine, or adopts it when it already runs. */
  start(name: EngineName): Promise<void>;
  /** For an engine that runs: makes sure that somebody restarts it. Costs next to nothing, asked every few seconds. */
  keep(name: EngineName): Promise<void>;
  stop(name: EngineName): Promise<void>;
  status(name: EngineName): Promise<ServiceStatus>;
  /** Engines that exist, running or not. Starts one program at most, however many there are: this is asked all the time. */
  list(): Promise<Service[]>;
}

export function isEngineName(text: string): text is EngineName {
  return /^(bird|openvpn|client-watch|link@mw([1-9]|10|clients))$/.test(text);
}

/**
 * Engines come before ordinary programs, and failure detection before everything: BIRD above WireGuard (10, packaging/link-engine),
 * OpenVPN below it. Among equals the handshakes of many clients at once would hold up the packets that BFD counts.
 */
export const REAL_TIME = { bird: ['chrt', '--rr', '20'], openvpn: ['chrt', '--rr', '5'] } as const;

/** The argv of an engine. Both service managers start exactly this. */
export function engineCommand(name: EngineName, root: string): string[] {
  if (name === 'bird') {
    const files = '/run/meshwright-applier/bird';
    const flags = [
      '-f',
      '-u',
      'bird',
      '-g',
      'bird',
      '-c',
      `${files}/bird.conf`,
      '-s',
      `${files}/run/bird.ctl`,
    ];
    return ['env', 'TZ=UTC', ...REAL_TIME.bird, 'bird', ...flags];
  }
  if (name === 'client-watch') return [`${root}/packaging/client-watch`];
  if (name === 'openvpn') {
    // Root in name only: all that is left is to make its interface and, in its hook, the routes of clients.
    const limits = ['setpriv', '--bounding-set=-all,+net_admin', '--inh-caps=-all', '--no-new-privs'];
    const conf = '/run/meshwright-applier/openvpn/server.conf';
    return [...REAL_TIME.openvpn, ...limits, 'openvpn', '--config', conf];
  }
  return [`${root}/packaging/link-engine`, name.slice('link@'.length)];
}
