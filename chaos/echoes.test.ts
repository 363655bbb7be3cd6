import { describe, expect, it } from 'vitest';
import { keptComing, longestSilence, parseEcho, silentFor, within } from './echoes.ts';

describe('parseEcho', () => {
  it('reads an answer and nothing else', () => {
    expect(
      parseEcho('[1795771761.51034] 10.201.2.10 : [0], 64 bytes, 0.079 ms (0.079 avg, 0% loss)'),
    ).toEqual({
      at: 1795771761510.34,
      from: '10.201.2.10',
    });
    expect(parseEcho('[1795771761.51034] 10.201.2.10 : [0], timed out (NaN avg, 100% loss)')).toBeNull();
    expect(parseEcho('ICMP Time Exceeded from 10.0.0.1 for ICMP Echo sent to 10.0.0.2')).toBeNull();
  });
});

const echoes = [100, 200, 300, 900, 1000];

describe('silences', () => {
  it('are measured between answers', () => expect(longestSilence(echoes, 150, 950).ms).toBe(600));

  it('count at the end of the window and across its beginning', () => {
    expect(longestSilence(echoes, 250, 280)).toEqual({ from: 200, ms: 80 });
    expect(longestSilence(echoes, 950, 1500).ms).toBe(500);
    expect(longestSilence([], 0, 700)).toEqual({ from: 0, ms: 700 });
  });

  it('are known for a moment', () => {
    expect(silentFor(echoes, 850)).toBe(550);
    expect(silentFor(echoes, 50)).toBeNull();
  });
});

it('cuts a window out', () => expect(within(echoes, 200, 900)).toEqual([200, 300]));

it('knows whether packets kept coming', () => {
  expect(keptComing(echoes, 100, 1000)).toBe(true);
  expect(keptComing(echoes, 100, 2500)).toBe(false);
  expect(keptComing([], 100, 500)).toBe(false);
});
