import type { PackFile } from '../clientpack/client-intent.ts';
import type { PackInput } from '../clientpack/pack-input.ts';
import { OPENVPN_PORT } from '../topology/client-link.ts';
import { CLIENT_MTU } from './engine-paths.ts';
import { inline, OPENVPN_CRYPTO, tlsCryptPem } from './openvpn.ts';
import { packName } from './pack.ts';

/**
 * For stock OpenVPN 2.6 and the Connect apps. A controller that stops answering is left after three seconds for the next
 * one in the list, and the overlay address stays. OpenVPN first asks the one that it lost again, so that the wait for
 * its answer is short; it pauses only after several rounds through the list. No `fast-io`: with it 2.6 does not connect again.
 */
export function renderOpenvpnPack(input: PackInput): PackFile[] {
  const text = `# Overlay client ${input.address}. OpenVPN 2.6 or newer; in an app, import this file.
# The controllers below are tried in this order. Whoever holds this file can use the address: keep it private.
client
dev tun
proto udp
nobind
${input.remotes.map(({ host }) => `remote ${host} ${OPENVPN_PORT}\n`).join('')}connect-retry 0 4
connect-timeout 1
resolv-retry 1
ping 1
ping-restart 3
explicit-exit-notify 1
auth-nocache
persist-key
persist-tun
tun-mtu ${CLIENT_MTU}
remote-cert-tls server
verify-x509-name meshwright-controller- name-prefix
${OPENVPN_CRYPTO}
verb 3
${inline('ca', input.clientCa)}${inline('cert', input.certificate)}${inline('key', input.privateKey)}${inline('tls-crypt-v2', tlsCryptPem('client', input.tlsCryptKey))}`;
  const name = packName(input.address);
  // Two names for one text: `.conf` is what a service on Linux looks for, `.ovpn` what apps do.
  return [
    { name: `${name}.conf`, mode: 0o600, text },
    { name: `${name}.ovpn`, mode: 0o600, text },
  ];
}
