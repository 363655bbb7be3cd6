/**
 * A controller beside the one of this machine, as tests start it: what the unprivileged process reads and keeps is under
 * this folder. The units set neither this nor the port, and the applier's own paths are fixed.
 */
const beside = folderIn(process.env.MESHWRIGHT_FOLDER);

/**
 * Where things live on a controller. The lab gives each controller a mount namespace of its own, so the paths
 * are the same there as on a VM.
 */
export const paths = {
  /** Owned by the service user: store, certificate. */
  controllerState: `${beside}/var/lib/meshwright`,
  database: `${beside}/var/lib/meshwright/controller.db`,
  /** Owned by root: last applied state. */
  applierState: '/var/lib/meshwright-applier',
  appliedState: '/var/lib/meshwright-applier/applied.json',
  /** The firewall that was confirmed last: what an unconfirmed one falls back to. */
  confirmedFirewall: '/var/lib/meshwright-applier/firewall.json',
  /** Networks that OpenVPN clients are told of. */
  toldNetworks: '/var/lib/meshwright-applier/told-networks',
  /** Runtime files of the applier: rendered configuration of the engines, service directories. */
  applierRuntime: '/run/meshwright-applier',
  /** Created by the applier, owned by the service user, mode 0600. */
  applierSocket: `${beside}/run/meshwright/applier.sock`,
  /** The API without a password for root and the service user, mode 0600. */
  controlSocket: `${beside}/run/meshwright/control.sock`,
  /** Public keys of licence authorities that this controller trusts besides the built-in one. */
  authorities: `${beside}/etc/meshwright/authorities.d`,
  /** Authorities of the certificate of a login provider, besides those of the system. */
  identityAuthorities: `${beside}/etc/meshwright/identity-ca.pem`,
  /** Networks that may be dialled although they are this machine or its cloud; one a line, written by root. */
  dialAllow: `${beside}/etc/meshwright/dial-allow`,
} as const;

export const SERVICE_USER = 'meshwright';
/** Where controllers are reached, by each other as well. */
export const API_PORT = 8000;
/** Where this one listens; another port than the usual one is for tests, since peers and the firewall know one only. */
export const LISTEN_PORT = portIn(process.env.MESHWRIGHT_PORT) ?? API_PORT;
/** Controller to controller, mutual TLS with identities from the keyset, on the overlay address only. */
export const MEMBER_PORT = 8001;

function folderIn(text: string | undefined): string {
  if (text === undefined) return '';
  if (!/^(\/[\w.-]+)+$/.test(text)) throw new Error(`MESHWRIGHT_FOLDER "${text}" must be an absolute path`);
  return text;
}

function portIn(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new Error(`MESHWRIGHT_PORT "${text}" must be 0 (any free port) to 65535`);
  return Number(text);
}
