/** What a pack can be downloaded as. The first four are OpenVPN in the forms of the wire contract. */
export const PACK_FORMATS = ['conf', 'ovpn', 'zip', 'tarball', 'wireguard', 'ha'] as const;
export type PackFormat = (typeof PACK_FORMATS)[number];
