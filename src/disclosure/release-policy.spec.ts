import {
  AGENCY_PURPOSES,
  type AgencyPurpose,
  isPurposeAllowed,
  RELEASABLE_FIELDS,
  RELEASE_STATUSES,
  type ReleasableField,
  releasedFields,
  type ReleaseStatus,
} from './release-policy.js';

// The contract's own words (api.md, "Released fields"), written out apart from the table under test.
const REVIEW = ['education', 'experience', 'languages', 'motivation', 'answers'];
const NAMING = ['givenName', 'familyName', 'usualName', 'documents'];
const INTERVIEW = ['email', 'telephone', 'accommodations'];
const OFFER = ['address', 'birthDate', 'birthPlace', 'nationality'];

const FIRST_STATUS: Record<AgencyPurpose, ReleaseStatus> = {
  review: 'submitted',
  interview: 'shortlisted',
  offer: 'offered',
  onboarding: 'accepted',
};
const COURSE: ReleaseStatus[] = [
  'submitted',
  'under_review',
  'shortlisted',
  'interview',
  'offered',
  'accepted',
  'hired',
];

function expectedFields(purpose: AgencyPurpose, anonymousReview: boolean): string[] {
  switch (purpose) {
    case 'review':
      return anonymousReview ? REVIEW : [...REVIEW, ...NAMING];
    case 'interview':
      return [...REVIEW, ...NAMING, ...INTERVIEW];
    case 'offer':
    case 'onboarding':
      return [...REVIEW, ...NAMING, ...INTERVIEW, ...OFFER];
  }
}

const reached = (purpose: AgencyPurpose, status: ReleaseStatus): boolean =>
  COURSE.includes(status) && COURSE.indexOf(status) >= COURSE.indexOf(FIRST_STATUS[purpose]);

const EVERY_CASE: [AgencyPurpose, ReleaseStatus, boolean, ReleasableField, boolean][] =
  AGENCY_PURPOSES.flatMap((purpose) =>
    RELEASE_STATUSES.flatMap((status) =>
      [false, true].flatMap((anonymous) =>
        RELEASABLE_FIELDS.map((field): [AgencyPurpose, ReleaseStatus, boolean, ReleasableField, boolean] => [
          purpose,
          status,
          anonymous,
          field,
          reached(purpose, status) && expectedFields(purpose, anonymous).includes(field),
        ]),
      ),
    ),
  );

describe('the release policy', () => {
  it('decides every purpose, status, kind of review and field', () => {
    expect(EVERY_CASE).toHaveLength(4 * 12 * 2 * 16);
    const wrong = EVERY_CASE.filter(
      ([purpose, status, anonymousReview, field, released]) =>
        releasedFields(purpose, status, { anonymousReview }).has(field) !== released,
    );
    expect(wrong).toEqual([]);
  });

  it.each(['draft', 'declined', 'rejected', 'withdrawn', 'lapsed'] as const)(
    'releases nothing when %s',
    (status) => {
      for (const purpose of AGENCY_PURPOSES) {
        expect(releasedFields(purpose, status, { anonymousReview: false }).size).toBe(0);
        expect(isPurposeAllowed(purpose, status)).toBe(false);
      }
    },
  );

  it('never releases less for a later purpose', () => {
    for (const anonymousReview of [false, true]) {
      const sizes = AGENCY_PURPOSES.map(
        (purpose) => releasedFields(purpose, 'hired', { anonymousReview }).size,
      );
      expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    }
  });

  it('withholds the names of an anonymous review until the interview', () => {
    const review = releasedFields('review', 'interview', { anonymousReview: true });
    const interview = releasedFields('interview', 'interview', { anonymousReview: true });
    expect([...review]).toEqual(REVIEW);
    expect([...interview]).toEqual(expect.arrayContaining(NAMING));
  });
});
