import { inLines } from './progress.js';

describe('progress where nobody watches', () => {
  function linesOf(reports: readonly (readonly [number, number])[]): string[] {
    const lines: string[] = [];
    const report = inLines('Rewrapping', { write: (text) => lines.push(text) > 0 });
    for (const [done, total] of reports) report(done, total);
    return lines;
  }

  it('writes a line at the beginning, at each tenth and at the end', () => {
    const lines = linesOf(Array.from({ length: 1_001 }, (_, done) => [done, 1_000] as const));
    expect(lines).toHaveLength(11);
    expect(lines[0]).toBe('Rewrapping: 0 of 1000\n');
    expect(lines.at(-1)).toBe('Rewrapping: 1000 of 1000\n');
  });

  it('says once that there is nothing to do', () => {
    expect(
      linesOf([
        [0, 0],
        [0, 0],
      ]),
    ).toEqual(['Rewrapping: 0 of 0\n']);
  });
});
