import { describe, expect, it } from 'vitest';
import { parseFlows } from './flows.ts';

describe('live flows', () => {
  it('are open connections of others, as the side that began them sees it', () => {
    const text = [
      'tcp      6 431999 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=4242 dport=443 src=10.0.0.2 dst=10.0.0.1 sport=443 dport=4242 [ASSURED] mark=0 use=1',
      'tcp      6 10 SYN_SENT src=10.0.0.1 dst=10.0.0.2 sport=4243 dport=443 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 sport=443 dport=4243 mark=0 use=1',
      'udp      17 28 src=fd00::1 dst=fd00::2 sport=53 dport=5353 src=fd00::2 dst=fd00::1 sport=5353 dport=53 mark=0 use=1',
      'udp      17 28 src=10.0.0.1 dst=10.0.0.2 sport=53 dport=53 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 sport=53 dport=53 mark=0 use=1',
      'udp      17 170 src=10.195.0.2 dst=10.195.0.1 sport=1195 dport=1195 src=10.195.0.1 dst=10.195.0.2 sport=1195 dport=1195 [ASSURED] mark=0 use=1',
      'tcp      6 431999 ESTABLISHED src=169.254.195.4 dst=169.254.195.5 sport=33333 dport=179 src=169.254.195.5 dst=169.254.195.4 sport=179 dport=33333 [ASSURED] mark=0 use=1',
      'icmp     1 29 src=10.0.0.1 dst=10.0.0.2 type=8 code=0 id=5 src=10.0.0.2 dst=10.0.0.1 type=0 code=0 id=5 mark=0 use=1',
    ].join('\n');
    expect(parseFlows(text)).toEqual([
      { protocol: 'tcp', from: '10.0.0.1', fromPort: 4242, to: '10.0.0.2', port: 443 },
      { protocol: 'udp', from: 'fd00::1', fromPort: 53, to: 'fd00::2', port: 5353 },
    ]);
  });
});
