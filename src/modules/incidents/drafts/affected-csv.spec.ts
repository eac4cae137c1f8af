import { affectedCsv } from './affected-csv.js';

const AT = new Date('2026-11-30T08:00:00Z');
const ONE = {
  entries: 1,
  first: AT,
  last: AT,
  named: [],
  candidate: undefined,
  isCanary: false,
  letter: 'none',
} as const;

describe('the list of those affected, as a file', () => {
  it('says everything where no field was left out', () => {
    const affected = [
      { ...ONE, subject: 'a', fields: [] },
      { ...ONE, subject: 'b', fields: ['email', 'motivation'] },
    ];
    const [, ...rows] = affectedCsv(affected, []).trimEnd().split('\r\n');
    expect(rows.map((row) => row.split(',')[4])).toEqual(['everything', 'email motivation']);
  });

  it('ends with why it is a lower bound', () => {
    const lacking = [{ en: 'Months are missing.', fr: 'Il manque des mois.' }];
    expect(affectedCsv([{ ...ONE, subject: 'a', fields: [] }], lacking)).toMatch(
      /\r\nMonths are missing\.,*\r\n$/,
    );
  });
});
