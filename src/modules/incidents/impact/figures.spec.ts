import { figuresOf } from './figures.js';

const moment = (hour: number): Date => new Date(Date.UTC(2026, 10, 30, hour));

describe('what was given away, in numbers', () => {
  it('is nothing, of nobody', () => {
    expect(figuresOf([])).toEqual({
      subjects: 0,
      records: 0,
      first: null,
      last: null,
      everything: 0,
      fields: [],
      parts: [],
    });
  });

  it('counts people by field, most first, and of how many everything was given', () => {
    const figures = figuresOf([
      { entries: 2, first: moment(9), last: moment(12), fields: [], named: ['motivation'] },
      {
        entries: 1,
        first: moment(8),
        last: moment(8),
        fields: ['email', 'motivation'],
        named: ['email', 'motivation'],
      },
      { entries: 1, first: moment(10), last: moment(10), fields: ['birthDate'], named: ['birthDate'] },
    ]);
    expect(figures).toMatchObject({
      subjects: 3,
      records: 4,
      first: moment(8),
      last: moment(12),
      everything: 1,
      fields: [
        { field: 'motivation', subjects: 2 },
        { field: 'birthDate', subjects: 1 },
        { field: 'email', subjects: 1 },
      ],
    });
  });

  it('counts people by kind of data, each once, whichever way it was given', () => {
    const given = (fields: readonly string[]) => ({
      entries: 1,
      first: moment(9),
      last: moment(9),
      fields,
      named: fields,
    });
    const { parts } = figuresOf([
      given(['contact', 'email']),
      given(['snapshot', 'consent']),
      given([]),
      given(['decree']),
    ]);
    const counts = new Map(parts.map(({ field, subjects }) => [field, subjects]));
    expect([counts.get('email'), counts.get('telephone'), counts.get('birthPlace')]).toEqual([3, 3, 2]);
    expect([counts.get('talent_pool'), counts.get('document'), counts.get('decree')]).toEqual([2, 1, 1]);
    for (const whole of ['contact', 'identity', 'snapshot', 'consent']) expect(counts.has(whole)).toBe(false);
  });
});
