import type { DesiredClient, DesiredClients } from '../desired/clients.ts';
import type { DesiredState } from '../desired/state.ts';
import { type Cidr, type Ipv4, netmask, networkOf } from '../net/ipv4.ts';
import { OPENVPN_PORT } from '../topology/client-link.ts';
import { ipv6Of, type Ula, ulaStem } from '../topology/overlay-ipv6.ts';
import {
  ATTACH_PROTOCOL,
  ATTACHED_TABLE,
  CLIENT_MTU,
  EPOCHS_TABLE,
  enginePaths,
  MAX_EPOCH,
  OPENVPN_INTERFACE,
} from './engine-paths.ts';

/** What both ends agree on: AEAD only, and nothing that would keep a kernel from doing the encryption. */
export const OPENVPN_CRYPTO = `tls-version-min 1.2
data-ciphers AES-256-GCM:CHACHA20-POLY1305:AES-128-GCM
auth SHA256`;

/**
 * The OpenVPN server. Who may come in is decided by the directory of clients, which OpenVPN reads at each connection:
 * a file is named after a client's address and the serial number of its certificate in force, and who has no file is
 * refused. So one client can be disabled without a word to the others, and no program of ours has to answer. Refusing is
 * done while TLS is negotiated: OpenVPN's own refusal comes later, and a client that hears it ends for good.
 * The hook detaches a client when its session ends: OpenVPN's own word that an address is free (`learn-address delete`)
 * comes with its next sweep, which an idle server makes every ten seconds.
 */
export function renderOpenvpn({ self }: DesiredState, { openvpn }: DesiredClients): string {
  const ula = self.ula as Ula | undefined;
  const at = (address: string) => ula && ipv6Of(ula, address as Ipv4);
  return `# Rendered by Meshwright from the desired state. Edits are overwritten.
mode server
tls-server
proto udp
port ${OPENVPN_PORT}
dev ${OPENVPN_INTERFACE}
dev-type tun
topology subnet
ifconfig ${self.overlayAddress} ${netmask(self.overlaySubnet as Cidr)}
${ula ? `ifconfig-ipv6 ${at(self.overlayAddress)}/64 ${at(self.vip)}\n` : ''}ifconfig-noexec
route-noexec
tun-mtu ${CLIENT_MTU}
push "topology subnet"
push "route-gateway ${self.vip}"
push "tun-mtu ${CLIENT_MTU}"
push "ping 1"
push "ping-restart 3"
ping 1
ping-restart 5
client-config-dir ${enginePaths.openvpnClients}
ccd-exclusive
x509-username-field CN serialNumber
remote-cert-tls client
script-security 2
tls-verify "/bin/sh ${enginePaths.openvpnHook}"
up "/bin/sh ${enginePaths.openvpnHook}"
learn-address "/bin/sh ${enginePaths.openvpnHook}"
client-disconnect "/bin/sh ${enginePaths.openvpnHook}"
management ${enginePaths.openvpnManagement} unix
explicit-exit-notify 2
connect-freq-initial 1000 10
max-clients 8192
${OPENVPN_CRYPTO}
dh none
persist-key
fast-io
verb 1
mute 20
${inline('ca', openvpn.clientCa)}${inline('cert', openvpn.certificate)}${inline('key', openvpn.privateKey)}${inline('tls-crypt-v2', tlsCryptPem('server', openvpn.tlsCryptKey))}`;
}

export function inline(tag: string, text: string): string {
  return `<${tag}>\n${text.trimEnd()}\n</${tag}>\n`;
}

/** OpenVPN's own wrapping of a tls-crypt-v2 key. */
export function tlsCryptPem(end: 'server' | 'client', base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? [];
  const label = `OpenVPN tls-crypt-v2 ${end} key`;
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/** A client's file in the directory of clients: its name, and the address and routes that it is told. */
export function openvpnClientName({ address, serial }: Pick<DesiredClient, 'address' | 'serial'>): string {
  return `${address.replaceAll('.', '_')}_0x${serial}`;
}

/** Renders the files of clients. What all of them are told is rendered once: a thousand networks for a hundred clients are many lines. */
export function renderOpenvpnClients(
  { self }: DesiredState,
  networks: readonly Cidr[],
): (client: Pick<DesiredClient, 'address'>) => string {
  const ula = self.ula as Ula | undefined;
  const mask = netmask(self.overlaySubnet as Cidr);
  const routes = networks.map((cidr) => `push "route ${networkOf(cidr)} ${netmask(cidr)}"\n`).join('');
  return ({ address }) => {
    const ipv6 = ula ? `ifconfig-ipv6-push ${ipv6Of(ula, address as Ipv4)}/64\n` : '';
    return `ifconfig-push ${address} ${mask}\n${ipv6}${routes}`;
  };
}

/**
 * Run by OpenVPN itself when its interface comes up, when a client shows its certificate, comes or goes; constant text. A client's host
 * route carries the next epoch as its metric: BIRD announces it, and every controller sends to the newest. With IPv6 in
 * the overlay a second route goes with the first; what OpenVPN says about IPv6 addresses by itself is not needed for it.
 */
export function openvpnHook(ula?: string): string {
  const stem = ula && ulaStem(ula as Ula);
  const onlyIpv4 = stem ? '    case $address in *:*) exit 0 ;; esac\n' : '';
  const attach = stem
    ? `        ip -6 -force -batch - > /dev/null 2>&1 << IPV6
route flush table ${ATTACHED_TABLE} exact ${stem}$address/128
route add ${stem}$address/128 dev ${OPENVPN_INTERFACE} table ${ATTACHED_TABLE} metric $((epoch + 1)) protocol ${ATTACH_PROTOCOL}
IPV6
`
    : '';
  const detach = stem
    ? `    ip -6 route delete "${stem}$ifconfig_pool_remote_ip/128" dev ${OPENVPN_INTERFACE} table ${ATTACHED_TABLE} 2> /dev/null\n`
    : '';
  return `#!/bin/sh
# Rendered by Meshwright. Run by OpenVPN: attaches and detaches clients, whoever else is alive.
set -u
case $script_type in
  up)
    exec ip link set dev ${OPENVPN_INTERFACE} mtu ${CLIENT_MTU} txqueuelen 1000 up
    ;;
  tls-verify)
    [ "$1" -eq 0 ] || exit 0
    IFS=:
    # Unquoted, to be split at the colons; a serial number is hexadecimal.
    set -- $tls_serial_hex_0
    IFS=
    [ -e "${enginePaths.openvpnClients}/\${X509_0_CN}_0x$(printf %s "$*" | tr a-f A-F)" ]
    exit
    ;;
  learn-address)
    operation=$1 address=$2
${onlyIpv4}    case $operation in
      add | update)
        epoch=0 before=
        for word in $(ip -4 route show table ${EPOCHS_TABLE} exact "$address/32" 2> /dev/null); do
          if [ "$before" = metric ] && [ "$word" -le ${MAX_EPOCH} ] && [ "$word" -gt "$epoch" ]; then epoch=$word; fi
          before=$word
        done
${attach}        ip -4 route flush table ${ATTACHED_TABLE} exact "$address/32" > /dev/null 2>&1
        exec ip -4 route add "$address/32" dev ${OPENVPN_INTERFACE} table ${ATTACHED_TABLE} \\
          metric $((epoch + 1)) protocol ${ATTACH_PROTOCOL}
        ;;
    esac
    ;;
  client-disconnect)
${detach}    ip -4 route delete "$ifconfig_pool_remote_ip/32" dev ${OPENVPN_INTERFACE} table ${ATTACHED_TABLE} 2> /dev/null
    ;;
esac
exit 0
`;
}
