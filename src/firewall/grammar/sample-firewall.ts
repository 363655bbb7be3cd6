import type { DesiredFirewall } from '../../desired/firewall.ts';
import { tokenise } from './tokenise.ts';

const SUBTABLES = ['web', 'FWD_C_limits_of_the_office'];

/** Every kind of rule and set, as an operator would write them. For tests and golden files. */
const LINES: readonly string[] = [
  'PREROUTING -i eth0 -p tcp --dport 8080 -j DNAT --to-destination 100.127.255.193:80',
  'PREROUTING -i eth0 -p tcp --dport 8080 -j DNAT --to-destination [2001:db8::1]:80',
  'PREROUTING -s 203.0.113.0/24 -j DROP',
  'PREROUTING -p udp --dport 53 -j REDIRECT --to-ports 5353',
  'INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
  'INPUT -p tcp -m multiport --dports 22,8000 -m set --match-set office src -j ACCEPT',
  'INPUT -p icmp --icmp-type echo-request -m limit --limit 10/second -j ACCEPT',
  'INPUT -p ipv6-icmp --icmpv6-type echo-request -j ACCEPT',
  'INPUT -p tcp --dport 25 -j REJECT --reject-with tcp-reset',
  'INPUT -s 10.9.0.0/16,10.8.0.1 -d 10.0.0.1,10.0.0.2 -m comment --comment "four lines of the engine" -j DROP',
  'INPUT -p tcp --dport 22 -m hashlimit --hashlimit-above 5/minute --hashlimit-mode srcip --hashlimit-name ssh -j LOG --log-prefix "ssh again " --log-level info',
  'FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu',
  'FORWARD -d 10.0.0.0/8 -j web',
  'FORWARD -m set --match-set services_of_the_whole_company dst,dst -j ACCEPT',
  'FORWARD -m set --match-set everybody src -j FWD_C_limits_of_the_office',
  'FORWARD -m iprange --src-range 10.1.0.1-10.1.0.9 -m mac --mac-source 02:00:00:00:00:01 -j DROP',
  'FORWARD -m mark --mark 0x10000/0xff0000 -m addrtype ! --dst-type LOCAL -j RETURN',
  'OUTPUT -d 2001:db8:bad::/48 -j REJECT --reject-with icmp6-adm-prohibited',
  'OUTPUT -d 192.0.2.7 -p tcp --dport 80 -j DNAT --to-destination 192.0.2.8:8080',
  'OUTPUT -j MARK --set-xmark 0x20000/0xff0000',
  'POSTROUTING -s 10.1.0.0/24 -j NETMAP --to 10.2.0.0/24',
  'POSTROUTING -o eth0 -s 100.127.255.192/26 -j MASQUERADE',
  'POSTROUTING -d 10.3.0.0/16 -j SNAT --to-source 100.127.255.252',
  'web -p tcp -m set --match-set PORTS_web dst -j ACCEPT',
  'web -p tcp -m length --length 0:1500 -g FWD_C_limits_of_the_office',
  'FWD_C_limits_of_the_office -m connlimit --connlimit-above 100 --connlimit-mask 32 -j DROP',
];

export function sampleFirewall(lines: readonly string[] = LINES): DesiredFirewall {
  return {
    sealed: false,
    clientsMayManage: false,
    subtables: SUBTABLES,
    sets: [
      {
        name: 'office',
        type: 'net',
        entries: ['10.1.0.0/16', '10.2.0.1', '0.0.0.0/0', '2001:db8:1::/48', '10.3.0.1-10.3.0.6'],
      },
      { name: 'PORTS_web', type: 'port', entries: ['80', '443', '8000-8010'] },
      {
        name: 'services_of_the_whole_company',
        type: 'service',
        entries: ['10.0.0.1,tcp:443', '2001:db8::1,udp:53-54'],
      },
      { name: 'everybody', type: 'list', entries: ['office'] },
    ],
    rules: lines.map((line, index) => {
      const [table = '', ...words] = tokenise(line);
      return { id: (0xa0000000 + index).toString(16), table, words };
    }),
  };
}
