/**
 * Cuts what comes over a connection into lines, without their ends. A line of many chunks is put together once, when it ends:
 * an observation of ten thousand routes is megabytes, and would else be searched again with every chunk of it.
 */
export class Lines {
  #parts: string[] = [];
  #pending = 0;

  /** Characters of the line that has not ended yet. */
  get pending(): number {
    return this.#pending;
  }

  /** The lines that this chunk ends. */
  add(chunk: string): string[] {
    const [first, ...others] = chunk.split('\n') as [string, ...string[]];
    this.#keep(first);
    const last = others.pop();
    if (last === undefined) return [];
    const ended = [this.#parts.join(''), ...others];
    this.#parts = [];
    this.#pending = 0;
    this.#keep(last);
    return ended;
  }

  #keep(part: string): void {
    if (part === '') return;
    this.#parts.push(part);
    this.#pending += part.length;
  }
}
