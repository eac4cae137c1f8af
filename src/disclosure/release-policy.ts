/** What an agency may want a candidate's fields for. `own_data` is the candidate reading themself. */
export const AGENCY_PURPOSES = ['review', 'interview', 'offer', 'onboarding'] as const;
export type AgencyPurpose = (typeof AGENCY_PURPOSES)[number];

/** Where an application stands, as far as releasing its fields is concerned. */
export const RELEASE_STATUSES = [
  'draft',
  'submitted',
  'under_review',
  'shortlisted',
  'interview',
  'offered',
  'accepted',
  'hired',
  'declined',
  'rejected',
  'withdrawn',
  'lapsed',
] as const;
export type ReleaseStatus = (typeof RELEASE_STATUSES)[number];

/** Every field that an agency can be shown. */
export const RELEASABLE_FIELDS = [
  'education',
  'experience',
  'languages',
  'motivation',
  'answers',
  'documents',
  'givenName',
  'familyName',
  'usualName',
  'email',
  'telephone',
  'accommodations',
  'address',
  'birthDate',
  'birthPlace',
  'nationality',
] as const;
export type ReleasableField = (typeof RELEASABLE_FIELDS)[number];

export interface ReleaseConditions {
  /** The vacancy withholds whatever names the candidate until the interview. */
  readonly anonymousReview: boolean;
}

type Release = 'yes' | 'no' | 'unless_anonymous';

/** One row a field, one column a purpose. An attached CV carries its author's name, so it follows the names. */
const RELEASE_POLICY: Readonly<Record<ReleasableField, Readonly<Record<AgencyPurpose, Release>>>> = {
  education: { review: 'yes', interview: 'yes', offer: 'yes', onboarding: 'yes' },
  experience: { review: 'yes', interview: 'yes', offer: 'yes', onboarding: 'yes' },
  languages: { review: 'yes', interview: 'yes', offer: 'yes', onboarding: 'yes' },
  motivation: { review: 'yes', interview: 'yes', offer: 'yes', onboarding: 'yes' },
  answers: { review: 'yes', interview: 'yes', offer: 'yes', onboarding: 'yes' },
  documents: { review: 'unless_anonymous', interview: 'yes', offer: 'yes', onboarding: 'yes' },
  givenName: { review: 'unless_anonymous', interview: 'yes', offer: 'yes', onboarding: 'yes' },
  familyName: { review: 'unless_anonymous', interview: 'yes', offer: 'yes', onboarding: 'yes' },
  usualName: { review: 'unless_anonymous', interview: 'yes', offer: 'yes', onboarding: 'yes' },
  email: { review: 'no', interview: 'yes', offer: 'yes', onboarding: 'yes' },
  telephone: { review: 'no', interview: 'yes', offer: 'yes', onboarding: 'yes' },
  accommodations: { review: 'no', interview: 'yes', offer: 'yes', onboarding: 'yes' },
  address: { review: 'no', interview: 'no', offer: 'yes', onboarding: 'yes' },
  birthDate: { review: 'no', interview: 'no', offer: 'yes', onboarding: 'yes' },
  birthPlace: { review: 'no', interview: 'no', offer: 'yes', onboarding: 'yes' },
  nationality: { review: 'no', interview: 'no', offer: 'yes', onboarding: 'yes' },
};

/**
 * The purposes that each status allows. Drafts release nothing, nor does an application that has ended without
 * a hire: the period for which those stay readable is zero.
 */
const PURPOSES_AT: Readonly<Record<ReleaseStatus, readonly AgencyPurpose[]>> = {
  draft: [],
  submitted: ['review'],
  under_review: ['review'],
  shortlisted: ['review', 'interview'],
  interview: ['review', 'interview'],
  offered: ['review', 'interview', 'offer'],
  accepted: ['review', 'interview', 'offer', 'onboarding'],
  hired: ['review', 'interview', 'offer', 'onboarding'],
  declined: [],
  rejected: [],
  withdrawn: [],
  lapsed: [],
};

export function isPurposeAllowed(purpose: AgencyPurpose, status: ReleaseStatus): boolean {
  return PURPOSES_AT[status].includes(purpose);
}

/** Whether an application in this state shows nothing to anybody, whatever for. */
export function releasesNothing(status: ReleaseStatus): boolean {
  return PURPOSES_AT[status].length === 0;
}

/** @returns the fields that may be shown; empty when the status does not allow the purpose at all */
export function releasedFields(
  purpose: AgencyPurpose,
  status: ReleaseStatus,
  { anonymousReview }: ReleaseConditions,
): ReadonlySet<ReleasableField> {
  if (!isPurposeAllowed(purpose, status)) return new Set();
  return new Set(
    RELEASABLE_FIELDS.filter((field) => {
      const release = RELEASE_POLICY[field][purpose];
      return release === 'yes' || (release === 'unless_anonymous' && !anonymousReview);
    }),
  );
}
