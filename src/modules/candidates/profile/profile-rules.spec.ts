import { inCanonicalForm, profileProblems } from './profile-rules.js';
import type { Address, Profile } from './profile.js';
import { withoutEmptySections } from './profile.js';

const TODAY = '2026-11-23';

describe('a profile as a whole', () => {
  const pointers = (profile: Partial<Profile>): string[] =>
    profileProblems(inCanonicalForm(profile), TODAY).map(({ pointer }) => pointer);

  it.each([
    ['1916-11-24', true],
    ['1916-11-23', false],
    ['2012-11-23', true],
    ['2012-11-24', false],
    ['2012-02-29', true],
    ['2030-01-01', false],
  ])('a birth date of %s is accepted: %s', (birthDate, accepted) => {
    expect(pointers({ identity: { birthDate } })).toEqual(accepted ? [] : ['/identity/birthDate']);
  });

  it('judges a postal code by the country, which is France unless told', () => {
    expect(pointers({ address: { postalCode: '29200' } })).toEqual([]);
    expect(pointers({ address: { postalCode: 'sw1a  1aa', country: 'GB' } })).toEqual([]);
    expect(pointers({ address: { postalCode: 'SW1A 1AA' } })).toEqual(['/address/postalCode']);
    expect(pointers({ address: { postalCode: '97400', country: 'MQ' } })).toEqual(['/address/postalCode']);
  });

  it.each<[string, Address | undefined, string | null]>([
    ['+33 6 12 34 56 78', undefined, '+33612345678'],
    ['06.12.34.56.78', undefined, '+33612345678'],
    ['06\u00A012\u202F34 56 78', undefined, '+33612345678'],
    ['+33 (0)6 12 34 56 78', { country: 'BE' }, '+33612345678'],
    ['0033612345678', undefined, '+33612345678'],
    ['0475/12.34.56', { country: 'BE' }, '+32475123456'],
    ['0692 12 34 56', { country: 'RE' }, '+262692123456'],
    ['0692 12 34 56', { country: 'FR', postalCode: '97400' }, '+262692123456'],
    ['0612345678', { country: 'FR', postalCode: '97400' }, '+33612345678'],
    ['0692 12 34 56', { country: 'FR', postalCode: '29200' }, null],
    ['0612345678', { country: 'US' }, null],
    ['+377 93 15 15 15', undefined, '+37793151515'],
    ['+33 6 39 98 00 01', undefined, '+33639980001'],
    ['06 39 98 00 01', undefined, null],
    ['+33 112', undefined, null],
    ['+999 12345678', undefined, null],
    ['112', undefined, null],
    ['06 12 34 56', undefined, null],
    ['06 12 34 56 78 ext. 5', undefined, null],
    ['0612345678', { country: 'AQ' }, '+33612345678'],
  ])('the telephone number %s at %j is kept as %s', (telephone, address, kept) => {
    const profile = { contact: { telephone }, ...(address === undefined ? {} : { address }) };
    expect(pointers(profile)).toEqual(kept === null ? ['/contact/telephone'] : []);
    expect(inCanonicalForm(profile).contact).toEqual({ telephone: kept ?? telephone });
  });

  it('names every language that is none, and writes the others as BCP 47 does', () => {
    expect(pointers({ preferences: { workingLanguages: ['fr', 'xx', 'br', 'qqq'] } })).toEqual([
      '/preferences/workingLanguages/1',
      '/preferences/workingLanguages/3',
    ]);
    expect(inCanonicalForm({ preferences: { workingLanguages: ['PT-br', 'fsl'] } }).preferences).toEqual({
      workingLanguages: ['pt-BR', 'fsl'],
    });
  });

  it('takes no availability that is years away', () => {
    expect(pointers({ preferences: { availableFrom: '2029-11-23' } })).toEqual([]);
    expect(pointers({ preferences: { availableFrom: '2029-11-24' } })).toEqual([
      '/preferences/availableFrom',
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
