import { growthOf, toldOf } from './growth.js';

const moment = (hour: number): Date => new Date(Date.UTC(2026, 10, 30, hour));
const KNOWN = { fields: ['email', 'motivation'], entries: 2, first: moment(9), last: moment(11) };
const told = toldOf(KNOWN);

describe('what somebody is told again', () => {
  it.each([
    ['the same', KNOWN],
    ['less, since a month was dropped', { ...KNOWN, fields: ['email'], entries: 1, first: moment(10) }],
  ])('is nothing, of %s', (_, exposure) => {
    expect(growthOf(told, exposure)).toBeUndefined();
  });

  it.each([
    [
      'another field',
      { ...KNOWN, fields: ['birthDate'] },
      { ...told, fields: ['birthDate', 'email', 'motivation'] },
    ],
    ['everything', { ...KNOWN, fields: [] }, { ...told, fields: [] }],
    ['another access', { ...KNOWN, entries: 3 }, { ...told, entries: 3 }],
    ['a later one', { ...KNOWN, last: moment(12) }, { ...told, last: moment(12).toISOString() }],
    [
      'an earlier one, when fewer are kept',
      { ...KNOWN, entries: 1, first: moment(8) },
      { ...told, first: moment(8).toISOString() },
    ],
  ])('is all of both, of %s', (_, exposure, all) => {
    expect(growthOf(told, exposure)).toEqual(all);
  });

  it('is never a field more, for whoever was told that everything was given', () => {
    const everything = toldOf({ ...KNOWN, fields: [] });
    expect(growthOf(everything, KNOWN)).toBeUndefined();
    expect(growthOf(everything, { ...KNOWN, entries: 3 })).toEqual({ ...everything, entries: 3 });
  });
});
