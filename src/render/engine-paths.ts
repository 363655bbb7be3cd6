/** Files and numbers that rendered configuration refers to. They are constants: nothing here comes from a user. */
export const enginePaths = {
  bird: '/run/meshwright-applier/bird',
  birdConfig: '/run/meshwright-applier/bird/bird.conf',
  birdCandidate: '/run/meshwright-applier/bird/candidate.conf',
  birdSocket: '/run/meshwright-applier/bird/bird.ctl',
  birdLog: '/run/meshwright-applier/bird/bird.log',
  links: '/run/meshwright-applier/links',
  services: '/run/meshwright-applier/service',
  firewallDigest: '/run/meshwright-applier/firewall.digest',
} as const;

/** Kernel routing table of the mesh: overlay and learned networks, apart from the machine's own routes. */
export const MESH_TABLE = 1195;
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
} as const;
/** Interfaces of the mesh: links are `mw1` to `mw10`, whatever serves clients begins with `mw` too. */
export const MESH_INTERFACES = 'mw';
/** All addresses of links, see src/topology/link-address.ts. */
export const LINK_BLOCK = '169.254.195.0/25';
/** Bit of a packet's mark: a rule of the operator has accepted it, so the base policy lets it pass. */
export const ACCEPTED_MARK = 0x80000000;
/** Packets that meet a LOG rule go to the listeners of this netlink group, with the rule's id as prefix. */
export const LOG_GROUP = 195;
