import { ApplierServer } from '../../../src/applier/server.ts';

/** The applier's real border with nothing behind it: what it refuses is refused, and what it takes changes nothing. */
export class QuietApplier {
  /** Documents that the border took. */
  taken = 0;
  readonly #server = new ApplierServer({
    apply: async () => void this.taken++,
    observe: () => Promise.reject(new Error('there is nothing to see')),
    check: async ({ tests }) => ({
      problems: [],
      tests: tests.map(({ name }) => ({ name, got: null, detail: 'not run' })),
      cut: [],
    }),
    counters: async () => [],
    resetTracking: async () => {},
    disconnect: async () => {},
  });

  async start(socket: string): Promise<this> {
    await this.#server.listen(socket, { uid: process.getuid!(), gid: process.getgid!() });
    return this;
  }

  stop(): void {
    this.#server.close();
  }
}
