import type { MeshStatus } from '../../src/observe/mesh-status.ts';
import type { Invariant } from '../evidence.ts';

/** All controllers have the same topology, and each of them knows it of all others. */
export const sameChecksum: Invariant = {
  name: 'checksum equal',
  check: async ({ lab }) => {
    const statuses = await Promise.all(lab.plans.map(({ id }) => lab.local(id).get<MeshStatus>('/mesh')));
    const sums = new Set(statuses.map(({ controller }) => controller.topology_checksum));
    return [
      ...(sums.size === 1 ? [] : [`${sums.size} different ones`]),
      ...statuses.flatMap(({ controller, members }) =>
        members
          .filter(({ known, checksum }) => known && checksum !== 'match')
          .map(({ id, checksum }) => `controller ${controller.id} says of ${id}: ${checksum}`),
      ),
    ];
  },
};
