import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CHUNK = 1 << 16;

/**
 * What a program prints, for a reader who comes when he can: a file without a name, gone with the last who has it open. A pipe
 * makes the program wait once it is full, and a prober that waits looks like a network that is silent.
 */
export class Spool {
  /** For the program, as its standard output or error. */
  readonly fd: number;
  readonly #decoder = new TextDecoder();
  readonly #buffer = Buffer.alloc(CHUNK);
  #position = 0;
  #rest = '';
  #isOpen = true;

  constructor() {
    const directory = mkdtempSync(join(tmpdir(), 'meshwright-spool-'));
    this.fd = openSync(join(directory, 'output'), 'a+', 0o600);
    rmSync(directory, { recursive: true });
  }

  /** The whole lines that have come since the last call. None once it is closed. */
  lines(): string[] {
    if (!this.#isOpen) return [];
    let text = this.#rest;
    for (;;) {
      const count = readSync(this.fd, this.#buffer, 0, CHUNK, this.#position);
      if (count === 0) break;
      this.#position += count;
      text += this.#decoder.decode(this.#buffer.subarray(0, count), { stream: true });
    }
    const lines = text.split('\n');
    this.#rest = lines.pop()!;
    return lines;
  }

  /** Once is enough: the number may be another file's by the second time. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    closeSync(this.fd);
  }
}
