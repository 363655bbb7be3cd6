import { describe, expect, it } from 'vitest';
import { countOf } from './test-plan.ts';

describe('countOf', () => {
  it('reads the closing lines of the runner, coloured or not', () => {
    expect(countOf('\n      Tests  95 passed (95)\n', 0)).toEqual({ passed: 95, failed: 0 });
    expect(
      countOf('\u001b[2m      Tests \u001b[22m \u001b[1m2 failed\u001b[22m | 93 passed (95)\n', 1),
    ).toEqual({
      passed: 93,
      failed: 2,
    });
  });

  it('counts a step without tests as one, and a runner that crashed as a failure', () => {
    expect(countOf('Checked 40 files', 0)).toEqual({ passed: 1, failed: 0 });
    expect(countOf('error TS2304', 2)).toEqual({ passed: 0, failed: 1 });
    expect(countOf('      Tests  3 passed (3)\nUnhandled error', 1)).toEqual({ passed: 3, failed: 1 });
  });
});
