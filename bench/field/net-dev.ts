export interface Counter {
  readonly received: number;
  readonly sent: number;
}

/** Packets of each interface, from the text of `/proc/net/dev`. */
export function parseNetDev(text: string): Map<string, Counter> {
  const found = new Map<string, Counter>();
  for (const line of text.split('\n')) {
    const match = /^\s*(\S+):\s*(.*)$/.exec(line);
    if (!match) continue;
    const words = match[2]!.trim().split(/\s+/).map(Number);
    found.set(match[1]!, { received: words[1]!, sent: words[9]! });
  }
  return found;
}
