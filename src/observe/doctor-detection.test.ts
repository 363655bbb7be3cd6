import { describe, expect, it } from 'vitest';
import { detectionCheck } from './doctor-detection.ts';

const link = (peer: number, interval: number | null, timeout: number | null) => ({
  peer,
  bfd: { state: 'Up', since: null, interval_ms: interval, timeout_ms: timeout },
});

describe('whether links outlast what the kernel may hold up', () => {
  it.each([
    ['6.1.0-38-amd64', [link(2, 10, 30)]],
    ['6.11.2', [link(2, 20, 60)]],
    ['6.12.0', [link(2, 10, 60), link(3, 100, 500)]],
    ['7.0.0', [link(2, 10, 60)]],
    ['6.18.44', [link(2, null, null)]],
    ['6.18.44', []],
  ])('on %s: %j is well', (kernel, links) => {
    expect(detectionCheck(links, kernel)).toMatchObject({ state: 'ok', remedy: '' });
  });

  it('names the links that do not, and after how long they are given up', () => {
    const links = [link(2, 10, 30), link(3, 10, 60), link(4, 20, 60), link(5, 10, 30)];
    for (const kernel of ['6.12.0-rc1', '6.18.44-fc', '7.0']) {
      const { state, text, remedy } = detectionCheck(links, kernel);
      expect(state).toBe('warn');
      expect(text).toContain('for 50 ms; links that are given up after 30 ms or 60 ms: 2, 4, 5.');
      expect(remedy).toContain('profile auto');
    }
  });
});
