import { API_PORT } from '../paths.ts';

/** Names and addresses of the lab. Everything follows from a controller's id, so nothing has to be looked up. */
export const MAX_LAB_SIZE = 10;

export const lab = {
  internetNamespace: 'mwlab-net',
  bridge: 'br0',
  underlay: '10.195.0.0/24',
  /** The machine's own end: from here the API of every controller is reachable, as from an operator's desk. */
  hostAddress: '10.195.0.254',
  hostInterface: 'mwlab0',
  /** Name of the machine's port on the bridge. */
  hostPort: 'host',
  siteInterface: 'site0',
  stateDirectory: '/run/meshwright-lab',
  stateFile: '/run/meshwright-lab/state.json',
  impairmentsFile: '/run/meshwright-lab/impairments.nft',
  lockFile: '/run/meshwright-lab.lock',
  machineDirectory: '/var/lib/meshwright-lab',
  /** Where a controller finds the code: a clone below a home directory is not readable for the service user. */
  codeDirectory: '/run/meshwright-code',
  loopbackTable: 'mwlab',
} as const;

export interface ControllerPlan {
  readonly id: number;
  readonly namespace: string;
  readonly siteNamespace: string;
  /** Port of the controller on the bridge of the internet namespace. */
  readonly port: string;
  readonly mac: string;
  readonly underlay: string;
  readonly siteGateway: string;
  readonly siteHost: string;
  readonly siteSubnet: string;
  /** The API as other controllers and this machine see it. */
  readonly url: string;
  /** The same API at a loopback address: clients tell controllers apart by host, never by port. */
  readonly loopback: string;
  readonly loopbackUrl: string;
  /** The machine's disk: survives a power cut, goes with the lab. */
  readonly directory: string;
}

export function controllerPlan(id: number): ControllerPlan {
  if (!Number.isInteger(id) || id < 1 || id > MAX_LAB_SIZE) {
    throw new RangeError(`a lab controller's id is 1 to ${MAX_LAB_SIZE}, not ${id}`);
  }
  const underlay = `10.195.0.${id}`;
  const loopback = `127.0.0.${10 + id}`;
  return {
    id,
    namespace: `mwlab-c${id}`,
    siteNamespace: `mwlab-s${id}`,
    port: `c${id}`,
    // A fixed address: neighbours keep it in their ARP caches while the machine is off, as with a real one.
    mac: `02:6d:77:00:00:${id.toString(16).padStart(2, '0')}`,
    underlay,
    siteGateway: `10.201.${id}.1`,
    siteHost: `10.201.${id}.10`,
    siteSubnet: `10.201.${id}.0/24`,
    url: `https://${underlay}:${API_PORT}`,
    loopback,
    loopbackUrl: `https://${loopback}:${API_PORT}`,
    directory: `${lab.machineDirectory}/c${id}`,
  };
}

/** A host on the lab's internet that is an overlay client. */
export interface ClientPlan {
  readonly index: number;
  readonly namespace: string;
  readonly port: string;
  readonly underlay: string;
  readonly directory: string;
}

export const MAX_CLIENT_HOSTS = 150;

export function clientPlan(index: number): ClientPlan {
  if (!Number.isInteger(index) || index < 1 || index > MAX_CLIENT_HOSTS) {
    throw new RangeError(`a client host of the lab is 1 to ${MAX_CLIENT_HOSTS}, not ${index}`);
  }
  return {
    index,
    namespace: `mwlab-k${index}`,
    port: `k${index}`,
    underlay: `10.195.0.${100 + index}`,
    directory: `${lab.machineDirectory}/k${index}`,
  };
}

export function labPlan(size: number): ControllerPlan[] {
  if (!Number.isInteger(size) || size < 1 || size > MAX_LAB_SIZE) {
    throw new RangeError(`a lab has 1 to ${MAX_LAB_SIZE} controllers, not ${size}`);
  }
  return Array.from({ length: size }, (_, index) => controllerPlan(index + 1));
}
