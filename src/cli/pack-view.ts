import type { NativePack, NativePackDetail } from '../api/resources/mesh-clientpack-shape.ts';
import { ago, table } from './output.ts';

/** Clientpacks as a terminal shows them. */
const since = (at: number | null, now: number): string => (at === null ? '-' : ago(now - at));

const rtt = (ms: number | null): string | null => (ms === null ? null : `${ms} ms`);

const tagText = (tags: Readonly<Record<string, string>>): string =>
  Object.entries(tags)
    .map(([key, value]) => (value === '' ? key : `${key}=${value}`))
    .join(' ');

function state({ enabled, ready, client, checked_out }: NativePack): string {
  if (!enabled) return 'disabled';
  if (!ready) return 'pending';
  if (client) return `on controller ${client.holder}`;
  return checked_out ? 'checked out' : 'free';
}

export function packsView(packs: readonly NativePack[], now = Date.now()): string[] {
  if (packs.length === 0) return ['No clientpacks'];
  const rows = packs.map((pack) => [
    pack.name,
    state(pack),
    pack.client?.kind ?? '-',
    pack.client?.underlay ?? '-',
    since(pack.client?.since ?? null, now),
    rtt(pack.client?.rtt_ms ?? null) ?? '-',
    tagText(pack.tags),
  ]);
  return table(['name', 'state', 'kind', 'from', 'for', 'rtt', 'tags'], rows);
}

export function packView(pack: NativePackDetail, now = Date.now()): string[] {
  const { client } = pack;
  const lines: [string, string][] = [
    ['Clientpack', `${pack.name} (${[pack.address, pack.address6].filter(Boolean).join(', ')})`],
    ['State', state(pack)],
    ['Checked out', pack.checked_out ? `yes, ${since(pack.checked_out_at, now)} ago` : 'no'],
    ['Home', `controller ${pack.home}`],
    ['Credentials', pack.ready ? `generation ${pack.generation}` : 'not made yet'],
    ['Controllers', pack.controllers.map(({ id, host }) => `${id} ${host}`).join(', ') || '-'],
    ['Networks', pack.networks.join(', ') || '-'],
    ['Tags', tagText(pack.tags) || '-'],
  ];
  if (client)
    lines.push(
      ['Attached', `controller ${client.holder}, ${client.kind ?? 'its holder does not answer'}`],
      ['From', client.underlay ?? '-'],
      ['Since', since(client.since, now)],
      ['Last packet', client.last_packet_at === null ? '-' : `${since(client.last_packet_at, now)} ago`],
      ['Traffic', `${client.rx_bytes ?? '-'} bytes in, ${client.tx_bytes ?? '-'} bytes out`],
      ['RTT', rtt(client.rtt_ms) ?? 'not known'],
    );
  const history = pack.history
    .slice(0, 10)
    .map(({ at, kind, holder, from }) => [
      new Date(at).toISOString(),
      kind === 'moved' ? `moved from controller ${from} to ${holder}` : `${kind} (controller ${holder})`,
    ]);
  return [
    ...lines.map(([label, value]) => `${`${label}:`.padEnd(13)}${value}`),
    ...(history.length > 0 ? ['', ...table(['when', 'what'], history)] : []),
  ];
}
