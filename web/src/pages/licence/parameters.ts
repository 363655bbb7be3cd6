import type { LicenseParameters } from '../../api/license.ts';

export const FIELDS = ['subnet', 'managers', 'asns', 'clients', 'my_manager_vip'] as const;
export type Field = (typeof FIELDS)[number];
export type CustomAddressing = Readonly<Record<Field, string>>;

export const NO_ADDRESSING: CustomAddressing = {
  subnet: '',
  managers: '',
  asns: '',
  clients: '',
  my_manager_vip: '',
};

/** What is left empty follows the counting rule, so a subnet alone is enough. Nothing at all is the default. IPv6 stays as it is unless told. */
export function parametersOf(custom: CustomAddressing | null, ipv6?: boolean): LicenseParameters {
  const given = Object.entries(custom ?? {}).filter(([, value]) => value.trim() !== '');
  const addressing =
    given.length === 0
      ? { default: true }
      : Object.fromEntries(given.map(([key, value]) => [key, value.trim()]));
  return ipv6 === undefined ? addressing : { ...addressing, ipv6 };
}
