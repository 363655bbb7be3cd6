import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gzip, tar, tarGz, zip } from './archive.ts';

const files = [
  { name: 'install.sh', mode: 0o755, text: '#!/bin/sh\necho hello\n' },
  { name: 'client.conf', mode: 0o600, text: 'secret\n'.repeat(200) },
  { name: 'empty', mode: 0o644, text: '' },
];

describe('archives', () => {
  it('depend on their files and on nothing else', () => {
    expect(tarGz('pack', files).equals(tarGz('pack', files))).toBe(true);
    expect(zip('pack', files).equals(zip('pack', files))).toBe(true);
    const changed = files.with(1, { ...files[1]!, text: 'other\n' });
    expect(zip('pack', changed).equals(zip('pack', files))).toBe(false);
    expect(tarGz('pack', changed).equals(tarGz('pack', files))).toBe(false);
  });

  it('wrap any bytes so that gunzip gives them back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200_000 }), fc.integer({ min: 0, max: 255 }), (size, fill) => {
        const bytes = Buffer.alloc(size, fill);
        expect(gunzipSync(gzip(bytes)).equals(bytes)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('refuse a name that a header has no room for', () => {
    expect(() => tar('pack', [{ name: 'x'.repeat(120), mode: 0o644, text: '' }])).toThrow(RangeError);
  });
});
