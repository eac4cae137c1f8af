import fc from 'fast-check';
import { missingForSubmission, type Submittable } from './completeness.js';
import { snapshotOf } from './snapshot.js';

const COMPLETE: Submittable = {
  givenName: 'Camille',
  familyName: 'Martin',
  email: 'camille.martin@example.fr',
  education: 1,
  experience: 0,
};

const pointers = (candidate: Submittable): string[] =>
  missingForSubmission(candidate).map(({ pointer }) => pointer);

describe('what a submission needs', () => {
  it('lists every gap of an empty profile at once', () => {
    expect(pointers({ education: 0, experience: 0 })).toEqual([
      '/identity/givenName',
      '/identity/familyName',
      '/contact',
      '/education',
    ]);
  });

  it('is content with a telephone number and an experience instead', () => {
    const { email: _, ...rest } = COMPLETE;
    expect(pointers(COMPLETE)).toEqual([]);
    expect(pointers({ ...rest, telephone: '+33612345678', education: 0, experience: 1 })).toEqual([]);
  });

  it('says in both languages what is missing, and never more than is', () => {
    const texts = fc.option(fc.string({ minLength: 1 }), { nil: undefined });
    fc.assert(
      fc.property(texts, texts, texts, texts, fc.nat(3), fc.nat(3), (a, b, c, d, education, experience) => {
        const candidate = {
          ...(a === undefined ? {} : { givenName: a }),
          ...(b === undefined ? {} : { familyName: b }),
          ...(c === undefined ? {} : { email: c }),
          ...(d === undefined ? {} : { telephone: d }),
          education,
          experience,
        };
        const gaps = [a, b, c ?? d, education + experience || undefined].filter((part) => part === undefined);
        expect(missingForSubmission(candidate)).toHaveLength(gaps.length);
      }),
    );
    for (const gap of missingForSubmission({ education: 0, experience: 0 })) {
      expect(gap.detail).toEqual({ en: expect.any(String), fr: expect.any(String) });
    }
  });
});

describe('a snapshot', () => {
  it('holds released fields by their own names and nothing of the preferences', () => {
    const snapshot = snapshotOf(
      {
        identity: { givenName: 'Camille', nationality: 'FR' },
        contact: { telephone: '+33612345678' },
        address: { city: 'Brest' },
        preferences: { departments: ['29'] },
        accommodations: 'Poste accessible.',
      },
      { education: [], experience: [], languages: [{ language: 'br', level: 'B2' }] },
    );
    expect(snapshot).toEqual({
      givenName: 'Camille',
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
