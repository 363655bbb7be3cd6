import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Lines } from './lines.ts';

it('gives the same lines however a text is cut', () => {
  const text = fc.array(fc.constantFrom('a', 'bc', '\n', '\r\n', ''), { maxLength: 30 });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 10 }), (cuts) => {
      const lines = new Lines();
      const chunks = cuts.map((parts) => parts.join(''));
      const whole = chunks.join('').split('\n');
      const rest = whole.pop()!;
      expect(chunks.flatMap((chunk) => lines.add(chunk))).toEqual(whole);
      expect(lines.pending).toBe(rest.length);
    }),
  );
});

it('knows how long a line is that does not end', () => {
  const lines = new Lines();
  for (let chunk = 0; chunk < 100; chunk++) expect(lines.add('x'.repeat(10))).toEqual([]);
  expect(lines.pending).toBe(1000);
  expect(lines.add('\ny')).toEqual(['x'.repeat(1000)]);
  expect(lines.pending).toBe(1);
});
