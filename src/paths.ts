/**
 * Where things live on a controller. The lab gives each controller a mount namespace of its own, so the paths
 * are the same there as on a VM.
 */
export const paths = {
  /** Owned by the service user: store, certificate. */
  controllerState: '/var/lib/meshwright',
  database: '/var/lib/meshwright/controller.db',
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
  applierSocket: '/run/meshwright/applier.sock',
  /** The API without a password for root and the service user, mode 0600. */
  controlSocket: '/run/meshwright/control.sock',
  /** Public keys of licence authorities that this controller trusts besides the built-in one. */
  authorities: '/etc/meshwright/authorities.d',
  /** Authorities of the certificate of a login provider, besides those of the system. */
  identityAuthorities: '/etc/meshwright/identity-ca.pem',
  /** Networks that may be dialled although they are this machine or its cloud; one a line, written by root. */
  dialAllow: '/etc/meshwright/dial-allow',
} as const;

export const SERVICE_USER = 'meshwright';
export const API_PORT = 8000;
/** Controller to controller, mutual TLS with identities from the keyset, on the overlay address only. */
export const MEMBER_PORT = 8001;
