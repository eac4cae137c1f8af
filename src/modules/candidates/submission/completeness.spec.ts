import {
  type Completeness,
  completenessOf,
  COUNTED_SECTIONS,
  type Described,
  missingForSubmission,
} from './completeness.js';
import { snapshotOf } from './snapshot.js';

const NOTHING: Described = { education: 0, experience: 0, languages: 0 };

/** Everything that can be given, one part each, and the gap that it closes; written out apart from the table. */
const PARTS: readonly [gap: string, neededFor: string, give: (profile: Described) => Described][] = [
  [
    '/identity/givenName',
    'application',
    (p) => ({ ...p, identity: { ...p.identity, givenName: 'Camille' } }),
  ],
  [
    '/identity/familyName',
    'application',
    (p) => ({ ...p, identity: { ...p.identity, familyName: 'Martin' } }),
  ],
  ['/identity/birthDate', 'offer', (p) => ({ ...p, identity: { ...p.identity, birthDate: '1994-07-14' } })],
  ['/identity/birthPlace', 'offer', (p) => ({ ...p, identity: { ...p.identity, birthPlace: 'Quimper' } })],
  ['/identity/nationality', 'offer', (p) => ({ ...p, identity: { ...p.identity, nationality: 'FR' } })],
  ['/contact', 'application', (p) => ({ ...p, contact: { telephone: '+33612345678' } })],
  [
    '/contact',
    'application',
    (p) => ({ ...p, contact: { ...p.contact, email: 'camille.martin@example.fr' } }),
  ],
  ['/address/lines', 'offer', (p) => ({ ...p, address: { ...p.address, lines: ['1 rue du Port'] } })],
  ['/address/postalCode', 'offer', (p) => ({ ...p, address: { ...p.address, postalCode: '29200' } })],
  ['/address/city', 'offer', (p) => ({ ...p, address: { ...p.address, city: 'Brest' } })],
  ['/education', 'application', (p) => ({ ...p, education: 1 })],
  ['/education', 'application', (p) => ({ ...p, experience: 2 })],
  ['/languages', 'review', (p) => ({ ...p, languages: 1 })],
  [
    '/preferences/occupations',
    'search',
    (p) => ({ ...p, preferences: { ...p.preferences, occupations: ['x'] } }),
  ],
  [
    '/preferences/categories',
    'search',
    (p) => ({ ...p, preferences: { ...p.preferences, categories: ['A'] } }),
  ],
  [
    '/preferences/departments',
    'search',
    (p) => ({ ...p, preferences: { ...p.preferences, departments: ['29'] } }),
  ],
  [
    '/preferences/departments',
    'search',
    (p) => ({ ...p, preferences: { ...p.preferences, regions: ['53'] } }),
  ],
  ['/preferences/departments', 'search', (p) => ({ ...p, preferences: { ...p.preferences, abroad: true } })],
];
const EVERY_GAP = new Map(PARTS.map(([gap, neededFor]) => [gap, neededFor]));
const pointersOf = ({ missing }: Completeness): string[] => missing.map(({ pointer }) => pointer);

describe('the completeness of a profile', () => {
  it('names, for every choice of parts, exactly the gaps that none of them closes', () => {
    const wrong: number[] = [];
    for (let choice = 0; choice < 2 ** PARTS.length; choice += 1) {
      const chosen = PARTS.filter((_, at) => (choice & (1 << at)) !== 0);
      const profile = chosen.reduce((described, [, , give]) => give(described), NOTHING);
      const left = new Set(EVERY_GAP.keys());
      for (const [gap] of chosen) left.delete(gap);
      if (new Set(pointersOf(completenessOf(profile))).symmetricDifference(left).size > 0) wrong.push(choice);
    }
    expect(wrong.slice(0, 5)).toEqual([]);
  });

  it('says what each gap keeps from happening, and what would close it, in both languages', () => {
    const { missing } = completenessOf(NOTHING);
    expect(missing).toHaveLength(EVERY_GAP.size);
    for (const { pointer, neededFor, section, detail } of missing) {
      expect([pointer, neededFor]).toEqual([pointer, EVERY_GAP.get(pointer)]);
      expect(pointer).toMatch(new RegExp(`^/${section}\\b`));
      expect(detail).toEqual({ en: expect.stringMatching(/\.$/), fr: expect.stringMatching(/\.$/) });
    }
  });

  it('grows from nothing to everything, section by section', () => {
    const states = (profile: Described): string =>
      COUNTED_SECTIONS.map((section) => completenessOf(profile).sections[section]).join(' ');
    const whole = PARTS.reduce((profile, [, , give]) => give(profile), NOTHING);
    expect([completenessOf(NOTHING).percent, completenessOf(whole).percent]).toEqual([0, 100]);
    expect(states(NOTHING)).toBe('empty empty empty empty empty empty');
    expect(states({ ...NOTHING, identity: { familyName: 'Martin' }, contact: { email: 'a@b.fr' } })).toBe(
      'partial complete empty empty empty empty',
    );
    expect(states(whole)).toBe('complete complete complete complete complete complete');
    const percents = PARTS.map(
      (_, at) => completenessOf(PARTS.slice(0, at).reduce((p, [, , give]) => give(p), NOTHING)).percent,
    );
    expect(percents).toEqual(percents.toSorted((a, b) => a - b));
  });

  it('counts lists that hold nothing, and posts abroad that are not wanted, as nothing', () => {
    const hollow = {
      address: { lines: [] },
      preferences: { departments: [], categories: [], abroad: false },
    };
    expect(completenessOf({ ...NOTHING, ...hollow }).percent).toBe(0);
  });

  it('has a submission wait for the least that it needs', () => {
    expect(
      missingForSubmission(NOTHING)
        .map(({ pointer }) => pointer)
        .toSorted(),
    ).toEqual(['/contact', '/education', '/identity/familyName', '/identity/givenName']);
    const least = {
      identity: { givenName: 'Camille', familyName: 'Martin' },
      contact: { telephone: '+33612345678' },
    };
    expect(missingForSubmission({ ...NOTHING, ...least, experience: 1 })).toEqual([]);
  });
});

describe('a snapshot', () => {
  it('holds released fields by their own names and nothing of the preferences', () => {
    const snapshot = snapshotOf(
      {
        identity: { givenName: 'Camille', usualName: 'Le Goff', nationality: 'FR' },
        contact: { telephone: '+33612345678' },
        address: { city: 'Brest' },
        preferences: { departments: ['29'] },
        accommodations: 'Poste accessible.',
      },
      { education: [], experience: [], languages: [{ language: 'br', level: 'B2' }] },
    );
    expect(snapshot).toEqual({
      givenName: 'Camille',
      usualName: 'Le Goff',
      nationality: 'FR',
      telephone: '+33612345678',
      address: { city: 'Brest' },
      accommodations: 'Poste accessible.',
      education: [],
      experience: [],
      languages: [{ language: 'br', level: 'B2' }],
    });
  });
});
