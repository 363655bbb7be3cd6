import { describe, expect, it } from 'vitest';
import { contains, parseCidr, parseIpv4 } from '../net/ipv4.ts';
import { controllerPlan, lab, labPlan } from './plan.ts';

describe('address plan of the lab', () => {
  it('follows from the id alone', () => {
    expect(controllerPlan(2)).toEqual({
      id: 2,
      namespace: 'mwlab-c2',
      siteNamespace: 'mwlab-s2',
      port: 'c2',
      mac: '02:6d:77:00:00:02',
      underlay: '10.195.0.2',
      siteGateway: '10.201.2.1',
      siteHost: '10.201.2.10',
      siteSubnet: '10.201.2.0/24',
      url: 'https://10.195.0.2:8000',
      loopback: '127.0.0.12',
      loopbackUrl: 'https://127.0.0.12:8000',
      directory: '/var/lib/meshwright-lab/c2',
    });
  });

  it('gives ten controllers different addresses inside their networks', () => {
    const plans = labPlan(10);
    for (const field of ['underlay', 'mac', 'siteHost', 'loopback', 'namespace', 'port'] as const) {
      expect(new Set(plans.map((plan) => plan[field])).size).toBe(10);
    }
    for (const plan of plans) {
      expect(contains(parseCidr(lab.underlay)!, parseIpv4(plan.underlay)!)).toBe(true);
      expect(contains(parseCidr(plan.siteSubnet)!, parseIpv4(plan.siteHost)!)).toBe(true);
      expect(plan.underlay).not.toBe(lab.hostAddress);
      expect(plan.namespace.length).toBeLessThan(16);
    }
  });

  it.each([0, 11, 1.5, Number.NaN])('refuses a lab of %s controllers', (size) => {
    expect(() => labPlan(size)).toThrow(RangeError);
  });
});
