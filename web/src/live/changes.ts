import type { MeshSummary } from '../../../src/observe/mesh-status.ts';

/** How far this controller has come. After a step, nothing that was asked before is the present. */
export function stageOf({ controller }: MeshSummary): string {
  const { licensed, licensed_controllers, keyset, id } = controller;
  return [licensed, licensed_controllers, keyset, id].join();
}

/** Who belongs to the mesh and where it is found: what of the peering table shows in the status. */
export function peersOf({ controller, links, members }: MeshSummary): string {
  const rows = links.map(({ peer, address }) => `${peer} ${address}`);
  const known = members.filter((member) => member.known).map(({ id }) => id);
  return [controller.id, ...rows, ...known].join();
}
