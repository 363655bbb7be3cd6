import { describe, expect, it } from 'vitest';
import { MeshwrightError } from '../errors/catalogue.ts';
import type { Cidr } from '../net/ipv4.ts';
import { type AddressGrant, defaultAddressing } from './addressing.ts';
import { type AddressingParameters, parseExtension, parseParameters } from './addressing-parameters.ts';

const grant: AddressGrant = {
  controllers: 3,
  clients: 10,
  overlaySubnet: '100.127.255.192/26' as Cidr,
  customAddressing: true,
};
const custom = {
  subnet: '172.31.1.0/24',
  managers: '172.31.1.253 172.31.1.252',
  asns: '65101 65102',
  clients: '172.31.1.1,172.31.1.10-172.31.1.12',
  my_manager_vip: '172.31.1.254',
};

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof MeshwrightError) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('licence parameters', () => {
  it('takes the default for default: true, also as text', () => {
    expect(parseParameters({ default: true }, grant)).toEqual(defaultAddressing(grant));
    expect(parseParameters({ default: 'True', subnet: '' }, grant)).toEqual(defaultAddressing(grant));
  });

  it('takes a custom addressing, with spaces or commas', () => {
    const addressing = parseParameters({ default: false, ...custom }, grant);
    expect(addressing).toEqual({
      subnet: '172.31.1.0/24',
      vip: '172.31.1.254',
      controllers: [
        { id: 1, address: '172.31.1.253', asn: 65101 },
        { id: 2, address: '172.31.1.252', asn: 65102 },
      ],
      clients: ['172.31.1.1', '172.31.1.10', '172.31.1.11', '172.31.1.12'],
    });
    const commas = { ...custom, managers: '172.31.1.253,172.31.1.252', asns: [65101, '65102'] };
    expect(parseParameters(commas, grant)).toEqual(addressing);
  });

  it('fills what is not given by the counting rule', () => {
    const { vip, controllers, clients } = parseParameters({ subnet: '10.9.0.0/24', asns: '1 2 3' }, grant);
    expect(vip).toBe('10.9.0.254');
    expect(controllers.map((c) => [c.address, c.asn])).toEqual([
      ['10.9.0.253', 1],
      ['10.9.0.252', 2],
      ['10.9.0.251', 3],
    ]);
    expect(clients).toHaveLength(10);
    expect(
      parseParameters({ subnet: '10.9.0.0/24', managers: '10.9.0.254', my_manager_vip: '10.9.0.1' }, grant)
        .clients[0],
    ).toBe('10.9.0.2');
  });

  it.each<[string, AddressingParameters]>([
    ['PARAMETERS_MISSING', {}],
    ['PARAMETERS_CONFLICT', { default: true, subnet: '10.0.0.0/24' }],
    ['SUBNET_INVALID', { subnet: '172.31.1.1/24' }],
    ['SUBNET_INVALID', { subnet: 'abc' }],
    ['SUBNET_INVALID', { subnet: '10.0.0.0/30' }],
    ['SUBNET_RESERVED', { subnet: '169.254.1.0/24' }],
    ['SUBNET_TOO_SMALL', { subnet: '10.0.0.0/29' }],
    ['ADDRESS_INVALID', { ...custom, managers: '172.31.1.999' }],
    ['ADDRESS_INVALID', { ...custom, managers: ',' }],
    ['ADDRESS_INVALID', { ...custom, my_manager_vip: '172.31.1.4 172.31.1.5' }],
    ['ADDRESS_INVALID', { ...custom, clients: '172.31.1.1-172.31.1.2-172.31.1.3' }],
    ['ADDRESS_RANGE_BACKWARDS', { ...custom, clients: '172.31.1.9 - 172.31.1.2' }],
    ['ADDRESS_OUTSIDE_SUBNET', { ...custom, managers: '172.31.2.1 172.31.1.252' }],
    ['ADDRESS_IS_NETWORK', { ...custom, clients: '172.31.1.0' }],
    ['ADDRESS_IS_BROADCAST', { ...custom, my_manager_vip: '172.31.1.255' }],
    ['ADDRESS_DUPLICATE', { ...custom, managers: '172.31.1.253 172.31.1.253' }],
    ['ADDRESS_DUPLICATE', { ...custom, clients: '172.31.1.1-172.31.1.3,172.31.1.2' }],
    ['CLIENT_IS_CONTROLLER', { ...custom, clients: '172.31.1.250-172.31.1.253' }],
    ['VIP_IN_USE', { ...custom, my_manager_vip: '172.31.1.253' }],
    ['VIP_IN_USE', { ...custom, my_manager_vip: '172.31.1.11' }],
    ['ASN_DUPLICATE', { ...custom, asns: '65101 65101' }],
    ['ASN_OUT_OF_RANGE', { ...custom, asns: '0 65101' }],
    ['ASN_OUT_OF_RANGE', { ...custom, asns: '4294967295 65101' }],
    ['ASN_NOT_A_NUMBER', { ...custom, asns: '65101 as65102' }],
    ['ASN_COUNT', { ...custom, asns: '65101' }],
    ['TOO_MANY_CONTROLLERS', { ...custom, managers: '172.31.1.4 172.31.1.5 172.31.1.6 172.31.1.7' }],
    ['TOO_MANY_CLIENTS', { ...custom, clients: '172.31.1.1-172.31.1.200' }],
  ])('refuses with %s: %o', (code, body) => {
    expect(codeOf(() => parseParameters(body, grant))).toBe(code);
  });

  it('says "invalid asns field" as clients of the API expect', () => {
    expect(() => parseParameters({ ...custom, asns: 'x' }, grant)).toThrow(/^invalid asns field: /);
  });

  it('refuses custom addresses where the licence does not allow them', () => {
    expect(codeOf(() => parseParameters(custom, { ...grant, customAddressing: false }))).toBe(
      'CUSTOM_ADDRESSING_NOT_LICENSED',
    );
  });
});

describe('extension', () => {
  const current = parseParameters(custom, grant);
  const larger = { ...grant, controllers: 4, clients: 12 };
  const none = { controllers: 0, clients: 0 };

  it('adds addresses and repeats those that exist', () => {
    const body = { managers: '172.31.1.253,172.31.1.20', clients: '172.31.1.1, 172.31.1.5' };
    const { controllers, clients } = parseExtension(current, body, larger, none);
    expect(controllers.at(-1)).toEqual({ id: 3, address: '172.31.1.20', asn: 65103 });
    expect(clients).toEqual(['172.31.1.1', '172.31.1.5', '172.31.1.10', '172.31.1.11', '172.31.1.12']);
  });

  it('may widen the subnet, but moves nothing', () => {
    expect(parseExtension(current, { subnet: '172.31.0.0/23' }, larger, none)).toEqual({
      ...current,
      subnet: '172.31.0.0/23',
    });
    expect(codeOf(() => parseExtension(current, { subnet: '172.31.1.0/25' }, larger, none))).toBe(
      'SUBNET_SHRINKS',
    );
    expect(codeOf(() => parseExtension(current, { my_manager_vip: '172.31.1.9' }, larger, none))).toBe(
      'VIP_FIXED',
    );
  });
});
