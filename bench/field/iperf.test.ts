import { describe, expect, it } from 'vitest';
import { tcpRate, udpRate } from './iperf.ts';

describe('what iperf3 says', () => {
  it('is what arrived, in both directions', () => {
    const one = { end: { sum_sent: { bits_per_second: 3e9 }, sum_received: { bits_per_second: 2e9 } } };
    expect(tcpRate(JSON.stringify(one))).toBe(2);
    const both = { end: { ...one.end, sum_received_bidir_reverse: { bits_per_second: 1e9 } } };
    expect(tcpRate(JSON.stringify(both))).toBe(3);
  });

  it('is packets and loss over UDP', () => {
    const end = { sum: { seconds: 2, packets: 1000, lost_packets: 10 } };
    expect(udpRate(JSON.stringify({ end }))).toEqual({ perSecond: 495, lost: 0.01 });
    expect(udpRate(JSON.stringify({ end: {} }))).toEqual({ perSecond: 0, lost: 1 });
  });

  it('may be an error', () => {
    expect(() => tcpRate('{"error": "unable to connect", "end": {}}')).toThrow('unable to connect');
  });
});
