import { isBefore, isMonthOrDay, todayInFrance } from './dates.js';
import { profileProblems } from './profile-rules.js';
import type { Profile } from './profile.js';
import { withoutEmptySections } from './profile.js';
import { COUNTRIES, isLanguage, isPostalCode } from './territory.js';

const TODAY = '2026-11-23';

describe('a profile as a whole', () => {
  const pointers = (profile: Partial<Profile>): string[] =>
    profileProblems(profile, TODAY).map(({ pointer }) => pointer);

  it.each([
    ['1900-01-01', true],
    ['1899-12-31', false],
    ['2026-11-22', true],
    ['2026-11-23', false],
    ['2030-01-01', false],
  ])('a birth date of %s is accepted: %s', (birthDate, accepted) => {
    expect(pointers({ identity: { birthDate } })).toEqual(accepted ? [] : ['/identity/birthDate']);
  });

  it.each([
    ['29200', 'FR', true],
    ['29200', undefined, true],
    ['2920', undefined, false],
    ['SW1A 1AA', undefined, false],
    ['SW1A 1AA', 'GB', true],
    ['97400', 'RE', true],
    ['974', 'RE', false],
    ['1050', 'BE', true],
    ['-', 'BE', false],
  ])('the postal code %s in %s is accepted: %s', (postalCode, country, accepted) => {
    const address = country === undefined ? { postalCode } : { postalCode, country };
    expect(pointers({ address })).toEqual(accepted ? [] : ['/address/postalCode']);
  });

  it('names the language that is none', () => {
    expect(pointers({ preferences: { workingLanguages: ['fr', 'xx'] } })).toEqual([
      '/preferences/workingLanguages/1',
    ]);
  });

  it('has nothing against what was not given', () => {
    expect(pointers({})).toEqual([]);
    expect(pointers({ identity: {}, address: {}, preferences: {}, contact: {} })).toEqual([]);
  });

  it('is without sections that hold nothing', () => {
    expect(withoutEmptySections({ identity: {}, contact: { email: 'a@b.fr' }, accommodations: 'x' })).toEqual(
      {
        contact: { email: 'a@b.fr' },
        accommodations: 'x',
      },
    );
  });
});

describe('countries', () => {
  it('are the 249 of ISO 3166-1, each once, and Intl knows every one', () => {
    const names = new Intl.DisplayNames(['fr'], { type: 'region', fallback: 'none' });
    expect(COUNTRIES).toHaveLength(249);
    expect([...new Set(COUNTRIES)].toSorted()).toEqual(COUNTRIES);
    expect(COUNTRIES.filter((code) => names.of(code) === undefined)).toEqual([]);
  });

  it('have postal codes as their post writes them', () => {
    expect(isPostalCode('98000', 'MC')).toBe(true);
    expect(isPostalCode('98000 ', 'FR')).toBe(false);
  });
});

describe('languages', () => {
  it.each(['fr', 'br', 'oc', 'gsw', 'fsl', 'zh-Hant', 'pt-BR'])('%s is one', (tag) => {
    expect(isLanguage(tag)).toBe(true);
  });

  it.each(['xx', 'a', 'français', '', 'fr_FR_', 'qqq'])('%s is none', (tag) => {
    expect(isLanguage(tag)).toBe(false);
  });
});

describe('dates', () => {
  it.each(['2020-02', '2020-02-29', '1999-12-31'])('%s is in the calendar', (text) => {
    expect(isMonthOrDay(text)).toBe(true);
  });

  it.each(['2020', '2020-13', '2020-00', '2021-02-29', '2020-2', '2020-02-30T00:00', ''])(
    '%s is not',
    (text) => {
      expect(isMonthOrDay(text)).toBe(false);
    },
  );

  it('are compared as far as both are given', () => {
    expect(isBefore('2020-01', '2020-02-01')).toBe(true);
    expect(isBefore('2020-02', '2020-02-01')).toBe(false);
    expect(isBefore('2020-02-01', '2020-02')).toBe(false);
    expect(isBefore('2020-02-02', '2020-02-01')).toBe(false);
  });

  it('turn at midnight in Paris', () => {
    expect(todayInFrance(new Date('2026-11-22T22:59:59Z'))).toBe('2026-11-22');
    expect(todayInFrance(new Date('2026-11-22T23:00:00Z'))).toBe('2026-11-23');
  });
});
