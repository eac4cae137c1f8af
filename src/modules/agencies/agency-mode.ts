/** A sandbox holds synthetic applications only, and no real candidate ever reaches it. */
export type AgencyMode = 'live' | 'sandbox';
