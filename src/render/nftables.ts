import type { DesiredLink } from '../desired/state.ts';

/**
 * Our base table. TCP that crosses a link is told a segment size that fits the route's MTU: a path that swallows
 * large packets without saying so would hang connections otherwise.
 */
export function renderNftables(links: readonly DesiredLink[]): string {
  const pins = links
    .filter((link) => link.pinned && link.endpoint)
    .map((link) => {
      const family = link.endpoint!.includes(':') ? 'ip6' : 'ip';
      return `    udp dport ${link.port} ${family} saddr != ${link.endpoint} drop\n`;
    });
  return `table inet meshwright
delete table inet meshwright
table inet meshwright {
  chain forward {
    type filter hook forward priority mangle; policy accept;
    oifname "mw*" tcp flags syn tcp option maxseg size set rt mtu
    iifname "mw*" tcp flags syn tcp option maxseg size set rt mtu
  }
  chain pinned {
    type filter hook input priority raw; policy accept;
${pins.join('')}  }
  chain output {
    type filter hook output priority mangle; policy accept;
    oifname "mw*" tcp flags syn tcp option maxseg size set rt mtu
  }
}
`;
}
