import fc from 'fast-check';
import { DEPARTMENTS } from '../../vacancies/index.js';
import { COUNTRIES } from './countries.js';
import { canonicalLanguage, isLanguage } from './languages.js';
import { isBefore, isPartialDate, latestFirst, todayInFrance, yearsLater } from './partial-dates.js';
import { canonicalPostalCode, frenchTerritory, isPostalCode } from './postal-codes.js';
import { REGIONS } from './regions.js';

describe('countries', () => {
  it('are the 249 of ISO 3166-1, each once, and Intl knows every one', () => {
    const names = new Intl.DisplayNames(['fr'], { type: 'region', fallback: 'none' });
    expect(COUNTRIES).toHaveLength(249);
    expect([...new Set(COUNTRIES)].toSorted()).toEqual(COUNTRIES);
    expect(COUNTRIES.filter((code) => names.of(code) === undefined)).toEqual([]);
  });
});

describe('regions', () => {
  const departments = Object.values(REGIONS).flatMap((region) => region.departments);

  it('are eighteen, thirteen of them in Europe, and share out the 101 departments', () => {
    expect(Object.keys(REGIONS)).toHaveLength(18);
    expect(Object.keys(REGIONS).filter((code) => Number(code) > 10)).toHaveLength(13);
    expect(departments).toHaveLength(101);
    const others = DEPARTMENTS.filter((code) => !departments.includes(code));
    expect(departments.filter((code) => !DEPARTMENTS.includes(code))).toEqual([]);
    // Saint-Pierre-et-Miquelon, Saint-Barthélemy, Saint-Martin, Wallis-et-Futuna, Polynésie, Nouvelle-Calédonie.
    expect(others).toEqual(['975', '977', '978', '986', '987', '988']);
    expect(new Set(DEPARTMENTS).size).toBe(107);
    expect(departments.filter((code) => code.length === 2)).toHaveLength(96);
  });

  it('have names of their own and as many departments as INSEE counts', () => {
    expect(new Set(Object.values(REGIONS).map(({ name }) => name)).size).toBe(18);
    const counts = Object.entries(REGIONS).map(([code, region]) => [code, region.departments.length]);
    expect(Object.fromEntries(counts)).toEqual({
      '01': 1,
      '02': 1,
      '03': 1,
      '04': 1,
      '06': 1,
      '11': 8,
      '24': 6,
      '27': 8,
      '28': 5,
      '32': 5,
      '44': 10,
      '52': 5,
      '53': 4,
      '75': 12,
      '76': 13,
      '84': 12,
      '93': 6,
      '94': 2,
    });
  });
});

describe('postal codes', () => {
  it.each([
    ['29200', 'FR', true],
    ['01000', 'FR', true],
    ['95880', 'FR', true],
    ['96000', 'FR', false],
    ['2920', 'FR', false],
    ['292000', 'FR', false],
    ['29200 ', 'FR', false],
    ['20090', 'FR', true], // Ajaccio
    ['20700', 'FR', true], // Ajaccio CEDEX 9
    ['75700', 'FR', true], // Paris SP 07
    ['00200', 'FR', true], // the armed forces
    ['00000', 'FR', false],
    ['97400', 'FR', true],
    ['98800', 'FR', true],
    ['98000', 'FR', false], // Monaco
    ['98000', 'MC', true],
    ['29200', 'MC', false],
    ['97400', 'RE', true],
    ['97743', 'RE', true], // Saint-Denis CEDEX 9
    ['97200', 'RE', false],
    ['974', 'RE', false],
    ['97110', 'GP', true],
    ['97133', 'BL', true],
    ['97150', 'MF', true],
    ['97200', 'MQ', true],
    ['97300', 'GF', true],
    ['97500', 'PM', true],
    ['97600', 'YT', true],
    ['98600', 'WF', true],
    ['98713', 'PF', true],
    ['98800', 'NC', true],
    ['1050', 'BE', true],
    ['-', 'BE', false],
    ['10500', 'BE', false],
    ['L-1855', 'LU', true],
    ['1855', 'LU', true],
    ['AZ 1000', 'AZ', true],
    ['AZ1000', 'AZ', true],
    ['8001', 'CH', true],
    ['SW1A 1AA', 'GB', true],
    ['H2X 1Y4', 'CA', true],
    ['10115', 'DE', true],
    ['1011', 'DE', false],
    ['BT', 'HK', true],
    ['BH', 'BH', false],
    ['99999', 'AE', true],
  ])('%s in %s is one: %s', (code, country, accepted) => {
    expect(isPostalCode(code, country)).toBe(accepted);
  });

  it('are written in capitals with single spaces', () => {
    expect(canonicalPostalCode(' sw1a  1aa ')).toBe('SW1A 1AA');
  });

  it('tell the territory, of which each has its own country code', () => {
    const places = [
      '29200',
      '20090',
      '97110',
      '97200',
      '97300',
      '97400',
      '97500',
      '97600',
      '98600',
      '98713',
      '98800',
    ];
    expect(places.map(frenchTerritory)).toEqual([
      'FR',
      'FR',
      'GP',
      'MQ',
      'GF',
      'RE',
      'PM',
      'YT',
      'WF',
      'PF',
      'NC',
    ]);
    expect([frenchTerritory('98000'), frenchTerritory('')]).toEqual(['FR', 'FR']);
  });
});

describe('languages', () => {
  it.each(['fr', 'br', 'oc', 'gsw', 'fsl', 'zh-Hant', 'pt-BR'])('%s is one', (tag) => {
    expect(isLanguage(tag)).toBe(true);
    expect(canonicalLanguage(tag.toUpperCase())).toBe(tag);
  });

  it.each(['xx', 'a', 'français', '', 'fr_FR_', 'qqq'])('%s is none', (tag) => {
    expect(isLanguage(tag)).toBe(false);
  });
});

describe('partial dates', () => {
  const whole = fc
    .date({ min: new Date('1900-01-01'), max: new Date('2100-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  const partial = fc.tuple(whole, fc.constantFrom(4, 7, 10)).map(([date, length]) => date.slice(0, length));

  it.each(['2020', '2020-02', '2020-02-29', '1999-12-31'])('%s is in the calendar', (text) => {
    expect(isPartialDate(text)).toBe(true);
  });

  it.each(['0000', '20', '2020-13', '2020-00', '2021-02-29', '2020-2', '2020-02-30T00:00', '2020-', ''])(
    '%s is not',
    (text) => {
      expect(isPartialDate(text)).toBe(false);
    },
  );

  it('are whatever is left of a day that exists', () => {
    fc.assert(fc.property(partial, isPartialDate));
  });

  it('are before each other only where every day of one is before every day of the other', () => {
    fc.assert(
      fc.property(partial, partial, (a, b) => {
        // 31 is past the end of some months, which no comparison of texts minds.
        const last = a.length === 4 ? `${a}-12-31` : a.length === 7 ? `${a}-31` : a;
        const first = b.length === 4 ? `${b}-01-01` : b.length === 7 ? `${b}-01` : b;
        expect(isBefore(a, b)).toBe(last < first);
        expect(isBefore(a, b) && isBefore(b, a)).toBe(false);
      }),
    );
  });

  it('are in one order, later first, in which nothing stands after what it is before', () => {
    fc.assert(
      fc.property(fc.array(partial, { maxLength: 12 }), (dates) => {
        const sorted = dates.toSorted(latestFirst);
        expect(
          sorted
            .toReversed()
            .toSorted(latestFirst)
            .map((date) => latestFirst(date, sorted[0] ?? date)),
        ).toEqual(sorted.map((date) => latestFirst(date, sorted[0] ?? date)));
        sorted.forEach((date, at) =>
          expect(sorted.slice(at).some((later) => isBefore(date, later))).toBe(false),
        );
      }),
    );
    expect(['2017-06', '2017', '2018-01-01', '2017-12-31'].toSorted(latestFirst)).toEqual([
      '2018-01-01',
      '2017',
      '2017-12-31',
      '2017-06',
    ]);
  });

  it('move by years', () => {
    expect(yearsLater('2012-02-29', 14)).toBe('2026-02-29');
    expect(yearsLater('0999', 1)).toBe('1000');
  });

  it('turn at midnight in Paris', () => {
    expect(todayInFrance(new Date('2026-11-22T22:59:59Z'))).toBe('2026-11-22');
    expect(todayInFrance(new Date('2026-11-22T23:00:00Z'))).toBe('2026-11-23');
  });
});
