import type { Place } from '../../firewall/grammar/targets.ts';
import { CHAIN_PREFIX, PLACES, type PresentChains, type RenderedTables } from '../../render/iptables.ts';

export interface SavedLine {
  readonly packets: number;
  readonly bytes: number;
  /** The rule without `-A CHAIN`, in the engine's words. */
  readonly text: string;
}

/** What of ours the engine holds, read from `iptables-save -c`. */
export interface Saved extends PresentChains {
  readonly lines: ReadonlyMap<Place, ReadonlyMap<string, readonly SavedLine[]>>;
}

export function parseSaved(text: string): Saved {
  const chains = new Map<Place, Set<string>>(PLACES.map((place) => [place, new Set()]));
  const jumps = new Map<Place, Set<string>>(PLACES.map((place) => [place, new Set()]));
  const lines = new Map<Place, Map<string, SavedLine[]>>(PLACES.map((place) => [place, new Map()]));
  let place: Place | null = null;
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) place = PLACES.find((one) => one === line.slice(1)) ?? null;
    if (place === null) continue;
    const chain = /^:(\S+) /.exec(line)?.[1];
    if (chain?.startsWith(CHAIN_PREFIX)) {
      chains.get(place)!.add(chain);
      lines.get(place)!.set(chain, []);
      continue;
    }
    const rule = /^\[(\d+):(\d+)\] -A (\S+) ?(.*)$/.exec(line);
    if (!rule) continue;
    const [, packets, bytes, name, words] = rule as unknown as [string, string, string, string, string];
    if (name.startsWith(CHAIN_PREFIX)) {
      lines
        .get(place)!
        .get(name)
        ?.push({ packets: Number(packets), bytes: Number(bytes), text: words });
    } else {
      const target = /^-j (\S+)$/.exec(words)?.[1];
      if (target?.startsWith(CHAIN_PREFIX)) jumps.get(place)!.add(`${name} ${target}`);
    }
  }
  return { chains, jumps, lines };
}

/** Whether the engine holds these chains with as many rules each, and jumps to them. */
export function holds(saved: Saved, tables: RenderedTables): boolean {
  return PLACES.every((place) => {
    const wanted = tables.get(place)!;
    const names = saved.chains.get(place)!;
    return (
      names.size === wanted.length &&
      wanted.every(
        ({ name, hook, lines }) =>
          saved.lines.get(place)!.get(name)?.length === lines.length &&
          (hook === null || saved.jumps.get(place)!.has(`${hook} ${name}`)),
      )
    );
  });
}

/** The chains as they were, to go back to when a change fails half way. */
export function asTables(saved: Saved): RenderedTables {
  return new Map(
    PLACES.map((place) => [
      place,
      [...saved.lines.get(place)!].map(([name, lines]) => {
        const jump = [...saved.jumps.get(place)!].find((pair) => pair.endsWith(` ${name}`));
        return {
          name,
          hook: jump ? jump.split(' ')[0]! : null,
          lines: lines.map(({ text }) => ({ id: null, text })),
        };
      }),
    ]),
  );
}
