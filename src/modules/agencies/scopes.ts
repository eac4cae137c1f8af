import type { AgencyScope } from '../../kernel/context.js';

const EVERY = {
  'vacancies:read': true,
  'vacancies:write': true,
  'applications:read': true,
  'applications:decide': true,
  'webhooks:manage': true,
  'usage:read': true,
} as const satisfies Record<AgencyScope, true>;

export const isAgencyScope = (text: string): text is AgencyScope => Object.hasOwn(EVERY, text);

/** What an access token can be for (RFC 6749 §3.3); each client is registered for some of these. */
export const AGENCY_SCOPES: readonly AgencyScope[] = Object.keys(EVERY).filter(isAgencyScope);
