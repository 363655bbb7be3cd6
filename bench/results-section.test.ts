import { describe, expect, it } from 'vitest';
import { withSection } from './results-section.ts';

describe('a section of the results', () => {
  it('is added at the end of a page that has none', () => {
    expect(withSection('# Measured\n', 'one', 'text')).toBe(
      '# Measured\n\n<!-- begin one -->\n\ntext\n\n<!-- end one -->\n',
    );
  });

  it('replaces the last one and nothing else', () => {
    const page = withSection(withSection('# Measured\n', 'one', 'first'), 'two', 'other');
    const again = withSection(page, 'one', 'second');
    expect(again).toContain('second');
    expect(again).not.toContain('first');
    expect(again).toContain('<!-- begin two -->\n\nother\n\n<!-- end two -->');
  });
});
