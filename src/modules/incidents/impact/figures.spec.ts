import { figuresOf } from './figures.js';

const moment = (hour: number): Date => new Date(Date.UTC(2026, 10, 30, hour));

describe('what was given away, in numbers', () => {
  it('is nothing, of nobody', () => {
    expect(figuresOf([])).toEqual({ subjects: 0, first: null, last: null, everything: 0, fields: [] });
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
    expect(figures).toEqual({
      subjects: 3,
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
});
