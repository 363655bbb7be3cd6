/** Files and numbers that rendered configuration refers to. They are constants: nothing here comes from a user. */
export const enginePaths = {
  bird: '/run/meshwright-applier/bird',
  birdConfig: '/run/meshwright-applier/bird/bird.conf',
  birdCandidate: '/run/meshwright-applier/bird/candidate.conf',
  /** Where BIRD itself may write. Root writes and reads the folder above, so nothing in there is BIRD's to replace. */
  birdOwn: '/run/meshwright-applier/bird/run',
  birdSocket: '/run/meshwright-applier/bird/run/bird.ctl',
  birdLog: '/run/meshwright-applier/bird/run/bird.log',
  links: '/run/meshwright-applier/links',
  services: '/run/meshwright-applier/service',
  firewallDigest: '/run/meshwright-applier/firewall.digest',
  openvpn: '/run/meshwright-applier/openvpn',
  openvpnConfig: '/run/meshwright-applier/openvpn/server.conf',
  openvpnHook: '/run/meshwright-applier/openvpn/hook',
  openvpnClients: '/run/meshwright-applier/openvpn/clients',
  openvpnManagement: '/run/meshwright-applier/openvpn/management.sock',
  watchedClients: '/run/meshwright-applier/links/watched-clients',
} as const;

/**
 * What a session takes from a controller: more than ten controllers with 5,000 routes each and 8,192 clients can have. What goes
 * beyond would be left out without a word.
 */
export const MAX_PREFIXES = 65_536;

/** Kernel routing table of the mesh: overlay and learned networks, apart from the machine's own routes. */
export const MESH_TABLE = 1195;
/** Where attached clients of this controller appear as host routes; no rule leads to it, BIRD alone reads it. */
export const ATTACHED_TABLE = 1196;
/** What BIRD knows of every client's epoch, as metrics; no rule leads to it, only who attaches a client reads it. */
export const EPOCHS_TABLE = 1197;
/** BIRD's own table of the far ends of links that BFD finds up; no kernel table. */
export const FAR_ENDS_TABLE = 'far_ends4';
/** Routing protocol number of the routes that we put into the mesh table ourselves (BIRD's are 12). */
export const GUARD_PROTOCOL = 195;
/** Routing protocol number of routes in the table of attached clients. */
export const ATTACH_PROTOCOL = 196;
/** Epochs above this no longer grow: preferences have 16 bits. An epoch starts anew when a client was away. */
export const MAX_EPOCH = 60000;
/** Stands in the table of epochs for a client that an HA pack holds. */
export const HA_EPOCH = 65000;
/** The one interface of OpenVPN clients and the one of WireGuard clients. */
export const OPENVPN_INTERFACE = 'mwovpn';
export const CLIENT_INTERFACE = 'mwclients';
/** Interface MTU of both, what fits through an Internet path of 1500 bytes in either kind of tunnel. */
export const CLIENT_MTU = 1420;
/** Mark of encrypted packets. They are routed by the main table only, so a tunnel can never run inside itself. */
export const TUNNEL_MARK = 0x6d77;
/** Global part of our large communities, a private 32-bit ASN. */
export const COMMUNITY = 4200001195;
/** First local part of our large communities. */
export const community = {
  /** (COMMUNITY, 1..5, word): the topology checksum's five 32-bit words. */
  checksumWord: 1,
  version: 10,
  instance: 11,
  /** (COMMUNITY, 20 or 21, epoch): a client is attached here, since when in the order of attachments. */
  openvpnEpoch: 20,
  wireguardEpoch: 21,
  /** (COMMUNITY, 22, rank): an HA client's own order of controllers, 0 is its first choice. */
  haRank: 22,
  /** (COMMUNITY, 23, 1): the controller that sends this is being emptied. */
  leaving: 23,
} as const;
/** Interfaces of the mesh: links are `mw1` to `mw10`, whatever serves clients begins with `mw` too. */
export const MESH_INTERFACES = 'mw';
/** All addresses of links, see src/topology/link-address.ts. */
export const LINK_BLOCK = '169.254.195.0/25';
/** Bit of a packet's mark: a rule of the operator has accepted it, so the base policy lets it pass. */
export const ACCEPTED_MARK = 0x80000000;
/** Packets that meet a LOG rule go to the listeners of this netlink group, with the rule's id as prefix. */
export const LOG_GROUP = 195;
