import { DatabaseSync } from 'node:sqlite';
import type { PackFile, PackKind } from '../../src/clientpack/client-intent.ts';
import { clientIntents } from '../../src/clientpack/client-intents.ts';
import { packInput } from '../../src/clientpack/pack-input.ts';
import type { Keyset } from '../../src/keyset/keyset.ts';
import type { Lab } from '../../src/lab/lab.ts';
import { renderPack } from '../../src/render/pack.ts';
import type { Addressing } from '../../src/topology/addressing.ts';
import { clientOrder } from '../../src/topology/client-order.ts';

/** Reads a stored value from the disk of controller 1, as its controller process would. */
function stored<T>(lab: Lab, table: 'setting' | 'secret', key: string): T {
  const db = new DatabaseSync(`${lab.plan(1).directory}/lib/meshwright/controller.db`, { readOnly: true });
  const row = db.prepare(`SELECT value FROM ${table} WHERE key = ?`).get(key) as { value: string };
  db.close();
  return JSON.parse(row.value) as T;
}

export function overlayClients(lab: Lab): string[] {
  return stored<Addressing>(lab, 'setting', 'license.addressing').clients;
}

/** A pack of the lab, made of what its controllers have stored. `first` puts one controller in front. */
export function packOf(lab: Lab, address: string, kind: PackKind, first?: number): PackFile[] {
  const keyset = stored<Keyset>(lab, 'secret', 'keyset');
  const addressing = stored<Addressing>(lab, 'setting', 'license.addressing');
  const client = clientIntents(keyset).find((one) => one.address === address);
  if (!client) throw new Error(`the keyset has no client ${address}`);
  const controllers = lab.plans.map(({ id, underlay }) => {
    const { address: overlayAddress, asn, ...rest } = addressing.controllers.find((one) => one.id === id)!;
    return { ...rest, host: underlay, overlayAddress, asn, weight: 1 };
  });
  const ordered = clientOrder(addressing.subnet, client.address, controllers);
  ordered.sort((a, b) => Number(b.id === first) - Number(a.id === first));
  return renderPack(kind, packInput(keyset, addressing, client, ordered));
}
