import type { Pack } from '../clientpack/pack.ts';
import { packName } from '../clientpack/pack-name.ts';
import type { Mesh } from '../mesh/mesh.ts';
import type { VariableFacts } from '../variables/collections.ts';

/** What the read-only variables of the firewall are made of. */
export function variableFacts(mesh: Mesh, packs: readonly Pack[]): VariableFacts {
  const { self, rows } = mesh.parts.peering.effective();
  const addressing = mesh.parts.addressing();
  return {
    self,
    overlaySubnet: addressing?.subnet ?? null,
    vip: addressing?.vip ?? null,
    underlayAddress: mesh.ownAddress(),
    controllers: addressing?.controllers ?? [],
    peers: rows.filter(({ id }) => id !== self).map(({ id, address }) => ({ id, address })),
    clientpacks: packs.map(({ address, tags }) => ({ name: packName(address), address, tags })),
  };
}
