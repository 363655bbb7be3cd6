import { spawnSync } from 'node:child_process';
import { writeSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Spool } from './spool.ts';

describe('a spool', () => {
  it('gives each line once, and a line only when it is whole', () => {
    const spool = new Spool();
    writeSync(spool.fd, 'one\ntwo\nthr');
    expect(spool.lines()).toEqual(['one', 'two']);
    expect(spool.lines()).toEqual([]);
    writeSync(spool.fd, 'ee\n');
    expect(spool.lines()).toEqual(['three']);
    spool.close();
    spool.close();
    expect(spool.lines()).toEqual([]);
  });

  it('takes more from a program than a pipe holds, with nobody reading', () => {
    const spool = new Spool();
    const { status } = spawnSync('seq', ['1', '200000'], {
      stdio: ['ignore', spool.fd, spool.fd],
      timeout: 20_000,
    });
    expect(status).toBe(0);
    const lines = spool.lines();
    expect(lines).toHaveLength(200_000);
    expect(lines.at(-1)).toBe('200000');
    spool.close();
  });
});
