import type { FirewallModel } from '../firewall/model.ts';

/** One variable as the API shows it. `variable` is the whole name, as it stands in `${...}`. */
export interface VariableEntry {
  readonly variable: string;
  readonly description: string;
  readonly value: string;
  readonly sync_mesh?: boolean;
}

export interface Collection {
  readonly name: string;
  /** What the names of its variables begin with. */
  readonly prefix: string;
  readonly entries: readonly VariableEntry[];
}

/** What the read-only variables are made of: facts about this controller and its topology. */
export interface VariableFacts {
  readonly self: number | null;
  readonly overlaySubnet: string | null;
  readonly vip: string | null;
  readonly underlayAddress: string | null;
  readonly controllers: readonly { id: number; address: string }[];
  /** Peers with a row here; `address` is what the operator typed, an address or a name. */
  readonly peers: readonly { id: number; address: string }[];
  readonly clientpacks: readonly { name: string; address: string; tags: Readonly<Record<string, string>> }[];
}

export const CUSTOM_PREFIX = 'custom_';

/** All collections in the order in which they are shown. A variable without a value now does not exist now. */
export function collectionsOf(facts: VariableFacts, model: FirewallModel): Collection[] {
  return [
    collection('controller', 'vns3_', controllerVariables(facts)),
    collection('peering', 'peering_', peeringVariables(facts)),
    collection('clientpacks', 'clientpack_', clientpackVariables(facts)),
    collection('clientpack_groups', 'clientpack_group_', groupVariables(facts)),
    collection('fwsets', 'fwset_', named('the set', model.sets)),
    collection('subtables', 'subtable_', named('the subtable', model.subtables)),
    {
      name: 'custom',
      prefix: CUSTOM_PREFIX,
      entries: model.variables.map(({ name, value, description, syncMesh }) => ({
        variable: `${CUSTOM_PREFIX}${name}`,
        description,
        value,
        ...(syncMesh && { sync_mesh: true }),
      })),
    },
  ];
}

/** Every name that may stand in `${...}`, with its value. Custom ones also go by their bare name. */
export function valuesOf(collections: readonly Collection[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const { name, entries } of collections) {
    for (const { variable, value } of entries) {
      values.set(variable, value);
      const bare = variable.slice(CUSTOM_PREFIX.length);
      if (name === 'custom' && !values.has(bare)) values.set(bare, value);
    }
  }
  return values;
}

type Given = readonly [name: string, description: string, value: string | number | null];

function collection(name: string, prefix: string, given: readonly Given[]): Collection {
  const entries = given
    .filter(([, , value]) => value !== null)
    .map(([key, description, value]) => ({
      variable: prefix + nameOf(key),
      description,
      value: String(value),
    }));
  return { name, prefix, entries };
}

function controllerVariables({
  self,
  overlaySubnet,
  vip,
  underlayAddress,
  controllers,
}: VariableFacts): Given[] {
  const own = controllers.find(({ id }) => id === self)?.address ?? null;
  return [
    ['id', 'id of this controller', self],
    ['overlay_ip', 'overlay address of this controller', own],
    ['overlay_subnet', 'the overlay network', overlaySubnet],
    ['vip', 'the address that every controller has on the overlay', vip],
    ['private_ip', 'underlay address of this controller', underlayAddress],
    ['controllers', 'overlay addresses of all controllers', list(controllers.map(({ address }) => address))],
  ];
}

function peeringVariables({ peers, controllers }: VariableFacts): Given[] {
  return peers.flatMap(({ id, address }): Given[] => [
    [`${id}`, `address or name of peer ${id}`, address],
    [
      `${id}_overlay_ip`,
      `overlay address of peer ${id}`,
      controllers.find((each) => each.id === id)?.address ?? null,
    ],
  ]);
}

const clientpackVariables = ({ clientpacks }: VariableFacts): Given[] =>
  clientpacks.map(({ name, address }) => [name, `overlay address of clientpack ${name}`, address]);

/** Tags that differ only in characters that names cannot have share one variable, so none of them is left out. */
function groupVariables({ clientpacks }: VariableFacts): Given[] {
  const tagged = clientpacks.flatMap(({ address, tags }) =>
    Object.entries(tags).map(([key, value]) => ({
      name: nameOf(`${key}_${value}`),
      shown: `${key}=${value}`,
      address,
    })),
  );
  return [...Map.groupBy(tagged, ({ name }) => name)].map(([name, members]) => [
    name,
    `clientpacks tagged ${unique(members.map(({ shown }) => shown)).join(' or ')}`,
    list(unique(members.map(({ address }) => address))),
  ]);
}

/** What a name in `${...}` may have; the rest becomes underscores. */
const nameOf = (key: string): string => key.replace(/[^A-Za-z0-9_]/g, '_');

const unique = (values: readonly string[]): string[] => [...new Set(values)];

const named = (what: string, items: readonly { name: string }[]): Given[] =>
  items.map(({ name }) => [name, `${what} ${name}`, name]);

const list = (values: readonly string[]): string | null => (values.length > 0 ? values.join(',') : null);
