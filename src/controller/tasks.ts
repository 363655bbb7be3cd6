import { randomUUID } from 'node:crypto';
import type { Database } from '../store/database.ts';

export type TaskStatus = 'running' | 'finished_ok' | 'finished_fail';

const KEEP_MS = 24 * 3600 * 1000;

/**
 * Work that outlives its request. A client gets a token and asks for the status until it reads `finished_ok`; the
 * words are part of the wire contract.
 */
export class Tasks {
  readonly #db: Database;
  readonly #now: () => number;

  constructor(db: Database, now: () => number = Date.now) {
    this.#db = db;
    this.#now = now;
  }

  /** Work does not survive the process, so what was running when it ended has failed. Call once at start. */
  recover(): void {
    this.#db.run(`UPDATE task SET status = 'finished_fail' WHERE status = 'running'`);
  }

  /** Starts `work` and returns its token at once. `failed` hears why work failed; the client reads only that it did. */
  start(work: () => Promise<void>, failed: (error: unknown) => void): string {
    const token = randomUUID();
    this.#db.run('DELETE FROM task WHERE created_at < ?', this.#now() - KEEP_MS);
    this.#db.run(`INSERT INTO task (token, status, created_at) VALUES (?, 'running', ?)`, token, this.#now());
    const end = (status: TaskStatus) =>
      this.#db.run('UPDATE task SET status = ? WHERE token = ?', status, token);
    void Promise.resolve()
      .then(work)
      .then(() => void end('finished_ok'))
      .catch((error: unknown) => {
        end('finished_fail');
        failed(error);
      })
      .catch(failed);
    return token;
  }

  status(token: string): TaskStatus | null {
    return (
      this.#db.get<{ status: TaskStatus }>('SELECT status FROM task WHERE token = ?', token)?.status ?? null
    );
  }
}
