import type { PackFile, PackKind } from '../clientpack/client-intent.ts';
import type { PackInput } from '../clientpack/pack-input.ts';
import { renderHaPack } from './pack-ha.ts';
import { renderOpenvpnPack } from './pack-openvpn.ts';
import { renderWireguardPack } from './pack-wireguard.ts';

/** The files of a pack. Pure: the same input gives the same bytes on every controller. */
export function renderPack(kind: PackKind, input: PackInput): PackFile[] {
  switch (kind) {
    case 'openvpn':
      return renderOpenvpnPack(input);
    case 'wireguard':
      return renderWireguardPack(input);
    case 'ha':
      return renderHaPack(input);
  }
}

/** A pack's name is its overlay address in a form that files can have, e.g. `100_127_255_193`. */
export const packName = (address: string): string => address.replaceAll('.', '_');
