import type { Action } from '../../../../src/ledger/index.js';

/** What a route or a command leaves in the ledger, or why it leaves nothing there. */
export type Recorded =
  | { readonly kind: 'actions'; readonly actions: readonly Action[] }
  /** Only when it refuses. */
  | { readonly kind: 'refusals'; readonly actions: readonly Action[]; readonly because: string }
  | { readonly kind: 'nothing'; readonly because: string };

export const records = (...actions: readonly Action[]): Recorded => ({ kind: 'actions', actions });
const refusals = (because: string, ...actions: readonly Action[]): Recorded => ({
  kind: 'refusals',
  actions,
  because,
});
export const nothing = (because: string): Recorded => ({ kind: 'nothing', because });

const PUBLISHED = nothing('It is published: anyone may read it, and nobody is known who does.');
const OWN_VACANCY = {
  kind: 'nothing',
  because: 'A vacancy is not about a person, and only its own agency is shown it.',
} as const satisfies Recorded;
const OWN_ENDPOINT = 'Where the agency’s own events go, and how they got there: ids, times and codes.';

/**
 * Every route and all that it records when it does its work or refuses to; reviewed by people, held against the ledger
 * by `recorded-by-routes.spec.ts`. What guards record wherever they stand is below.
 */
export const ROUTES: Readonly<Record<string, Recorded>> = {
  'GET /v1/vacancies': PUBLISHED,
  'GET /v1/vacancies/counts': PUBLISHED,
  'GET /v1/vacancies/{id}': PUBLISHED,
  'GET /v1/ledger/checkpoint': PUBLISHED,
  'GET /v1/ledger/tile/{path}': PUBLISHED,
  'GET /.well-known/security.txt': PUBLISHED,
  'GET /.well-known/oauth-authorization-server': PUBLISHED,
  'GET /.well-known/oauth-authorization-server/oauth': PUBLISHED,
  'GET /.well-known/oauth-protected-resource': PUBLISHED,
  'GET /.well-known/oauth-protected-resource/v1': PUBLISHED,
  'GET /oauth/jwks': PUBLISHED,
  'GET /problems': PUBLISHED,
  'GET /problems/{code}': PUBLISHED,
  'GET /health/live': nothing('It says whether the process runs; monitors ask every few seconds.'),
  'GET /health/ready': nothing('It says whether the process can work; monitors ask every few seconds.'),

  'POST /v1/registrations': records('account.registered'),
  'POST /v1/registrations/confirm': records('account.confirmed'),
  'POST /v1/invitations/accept': records('staff.accepted'),
  'POST /v1/totp/enrolments': records('totp.offered'),
  'POST /v1/totp/enrolments/confirm': records('totp.enrolled', 'session.created'),
  'POST /v1/sessions': records(
    'session.created',
    'session.refused',
    'recovery_code.used',
    'passkey.counter_regressed',
    'session.turned_away',
    'recovery.stopped',
  ),
  'POST /v1/sessions/step-up': records('session.stepped_up'),
  'PUT /v1/me/password': records('password.changed', 'session.ended'),
  'PUT /v1/me/email': records('address.change_asked'),
  'POST /v1/email/confirm': records('address.confirmed', 'address.changed', 'session.ended'),
  'POST /v1/me/totp': nothing('It offers a secret to the owner; nothing counts before it is confirmed.'),
  'POST /v1/me/totp/confirm': records('totp.replaced', 'session.created', 'session.ended'),
  'POST /v1/me/recovery-codes': records('recovery_codes.renewed'),
  // By the worker, and for a known address only: the request itself does the same for every one.
  'POST /v1/password/forgotten': records('password.reset_asked'),
  'POST /v1/password/reset': records('password.reset', 'session.ended'),
  // By the worker, and for a known address only.
  'POST /v1/recoveries': records('recovery.asked'),
  'POST /v1/recoveries/stop': records('recovery.stopped'),
  'POST /v1/recoveries/complete': records('recovery.completed', 'session.ended'),
  'GET /v1/me/sessions': nothing('Times, ids and origins of one’s own sessions, shown to nobody else.'),
  'DELETE /v1/me/sessions': records('session.ended'),
  'DELETE /v1/me/sessions/current': records('session.ended'),
  'DELETE /v1/me/sessions/{id}': records('session.ended'),

  'POST /v1/passkeys/challenges': nothing(
    'It draws a number for whoever asks, and nobody is known who does.',
  ),
  'GET /v1/me/passkeys': nothing('Names, times and ids of one’s own passkeys, shown to nobody else.'),
  'POST /v1/me/passkeys': nothing('It offers a challenge; nothing counts before it is answered.'),
  'POST /v1/me/passkeys/{id}/confirm': records('passkey.added', 'session.ended'),
  'PATCH /v1/me/passkeys/{id}': records('passkey.renamed'),
  'DELETE /v1/me/passkeys/{id}': records('passkey.removed', 'session.ended'),

  'GET /v1/federation/{provider}/start': nothing(
    'It sends a browser to a provider; nobody is known, and nothing counts before it comes back.',
  ),
  'GET /v1/federation/{provider}/callback': records(
    'federation.recognised',
    'federation.refused',
    'federation.linked',
  ),
  'POST /v1/federation/sessions': records('session.created', 'session.refused', 'session.turned_away'),
  'GET /v1/me/identities': nothing('Times and names of providers of one’s own: no sealed field is opened.'),
  'POST /v1/me/identities/{provider}': nothing(
    'It gives an address at a provider; what comes back from there is recorded.',
  ),
  'DELETE /v1/me/identities/{id}': records('federation.unlinked', 'session.ended'),

  'GET /v1/me': nothing('Role, language and time of one’s own account: no sealed value is shown.'),
  'PATCH /v1/me': records('account.locale_changed'),
  'GET /v1/me/export': records('candidate.exported'),
  'DELETE /v1/me': records('candidate.erased', 'application.withdrawn'),
  'GET /v1/me/consents': records('consent.read'),
  'PUT /v1/me/consents': records('consent.read', 'consent.decided'),
  'GET /v1/me/profile': records('candidate.profile_read'),
  'PUT /v1/me/profile': records('candidate.profile_changed'),
  'PATCH /v1/me/profile': records('candidate.profile_read', 'candidate.profile_changed'),
  ...profileList('education'),
  ...profileList('experience'),
  ...profileList('languages'),
  'GET /v1/me/diversity': records('candidate.diversity_read'),
  'PUT /v1/me/diversity': records('candidate.diversity_changed'),
  'DELETE /v1/me/diversity': records('candidate.diversity_changed'),
  'GET /v1/me/access-history': records('access_history.read'),

  'GET /v1/me/documents': records('document.listed'),
  'POST /v1/me/documents': records('document.uploaded'),
  'GET /v1/me/documents/{id}': records('document.read'),
  'DELETE /v1/me/documents/{id}': records('document.deleted'),

  'POST /v1/me/applications': records('application.created', 'candidate.application_read'),
  'GET /v1/me/notifications': nothing(
    'States and times of one’s own, and titles that are public: nothing is opened.',
  ),
  'GET /v1/me/applications': nothing('Ids, statuses and times of one’s own: no sealed field is opened.'),
  'GET /v1/me/applications/{id}': records('candidate.application_read'),
  'PATCH /v1/me/applications/{id}': records('application.changed', 'candidate.application_read'),
  'DELETE /v1/me/applications/{id}': records('application.deleted'),
  'POST /v1/me/applications/{id}/submit': records(
    'application.submitted',
    'candidate.application_read',
    'candidate.profile_read',
    'document.listed',
  ),
  'GET /v1/me/applications/{id}/completeness': records(
    'candidate.application_read',
    'candidate.profile_read',
  ),
  'POST /v1/me/applications/{id}/withdraw': records('application.withdrawn', 'candidate.application_read'),
  'POST /v1/me/applications/{id}/accept': records('application.transitioned', 'candidate.application_read'),
  'POST /v1/me/applications/{id}/decline': records('application.transitioned', 'candidate.application_read'),
  'GET /v1/me/applications/{id}/timeline': records('candidate.application_read'),
  'GET /v1/me/applications/{id}/vacancy': nothing(
    'What the agency has published, and nothing of who applied.',
  ),

  'POST /oauth/token': records('token.issued', 'token.refused'),
  'POST /oauth/revoke': records('token.revoked'),
  'POST /oauth/introspect': nothing('It says of a client’s own token whether it is good, and nothing else.'),
  'GET /v1/agency/vacancies': OWN_VACANCY,
  'GET /v1/agency/vacancies/{id}': refusals(OWN_VACANCY.because, 'vacancy.read'),
  'GET /v1/agency/vacancies/{id}/diversity': refusals(
    'Counts of ten or more are about nobody; what is opened for them is recorded when it is counted.',
    'diversity.figures_read',
  ),
  'POST /v1/agency/vacancies': records('vacancy.created'),
  'PATCH /v1/agency/vacancies/{id}': records('vacancy.changed'),
  'POST /v1/agency/vacancies/{id}/publish': records('vacancy.published'),
  'POST /v1/agency/vacancies/{id}/close': records('vacancy.closed'),
  'POST /v1/agency/vacancies/{id}/archive': records('vacancy.archived', 'application.transitioned'),
  'GET /v1/agency/applications': records('application.listed'),
  'GET /v1/agency/applications/counts': records('application.listed'),
  'GET /v1/agency/applications/{id}': records('application.disclosed'),
  'GET /v1/agency/applications/{id}/documents/{documentId}': records('document.disclosed'),
  'POST /v1/agency/applications/disclosures': records('application.disclosed'),
  'POST /v1/agency/applications/{id}/transitions': records('application.transitioned'),
  'GET /v1/agency/usage': records('usage.read'),
  'GET /v1/agency/webhooks': nothing(OWN_ENDPOINT),
  'GET /v1/agency/webhooks/{id}': refusals(OWN_ENDPOINT, 'webhook.read'),
  'POST /v1/agency/webhooks': records('webhook.created', 'webhook.destination_refused'),
  'PATCH /v1/agency/webhooks/{id}': records('webhook.changed', 'webhook.destination_refused'),
  'DELETE /v1/agency/webhooks/{id}': records('webhook.deleted'),
  'POST /v1/agency/webhooks/{id}/secrets': records('webhook.secret_rotated'),
  'POST /v1/agency/webhooks/{id}/test': records('webhook.tested'),
  'POST /v1/agency/webhooks/{id}/replay': records('webhook.replayed'),
  'GET /v1/agency/webhooks/{id}/deliveries': refusals(OWN_ENDPOINT, 'webhook.read'),
  'GET /v1/agency/webhooks/{id}/deliveries/{deliveryId}': refusals(OWN_ENDPOINT, 'webhook.read'),
  'POST /v1/agency/webhooks/{id}/deliveries/{deliveryId}/replay': records('webhook.replayed'),
  'POST /v1/agency/sandbox/applications/{id}/transitions': records(
    'application.transitioned',
    'application.withdrawn',
  ),

  'GET /v1/operator/recoveries': nothing('Ids, statuses and times: no address and no sealed field.'),
  'POST /v1/operator/recoveries/{id}/approve': records('recovery.approved'),
  'POST /v1/operator/recoveries/{id}/refuse': records('recovery.refused'),
  'DELETE /v1/operator/accounts/{id}/sessions': records('session.terminated', 'session.ended'),
  'GET /v1/operator/agencies': records('agency.listed'),
  'POST /v1/operator/agencies': records('agency.created'),
  'GET /v1/operator/agencies/{id}': records('agency.listed'),
  'GET /v1/operator/agencies/{id}/budget': records('agency.budget_read'),
  'PUT /v1/operator/agencies/{id}/budget': records('agency.budget_set', 'agency.budget_read'),
  'DELETE /v1/operator/agencies/{id}/budget': records('agency.budget_lifted'),
  'GET /v1/operator/agencies/{id}/clients': records('client.listed'),
  'POST /v1/operator/agencies/{id}/clients': records('client.created'),
  'GET /v1/operator/clients/{id}': records('client.listed'),
  'PATCH /v1/operator/clients/{id}': records('client.changed', 'client.listed'),
  'PUT /v1/operator/clients/{id}/keys': records('client.keys_replaced', 'client.listed'),
  'POST /v1/operator/clients/{id}/suspend': records('client.suspended'),
  'POST /v1/operator/clients/{id}/resume': records('client.resumed'),
  'GET /v1/operator/incidents': records('incident.listed'),
  'POST /v1/operator/incidents': records('incident.opened'),
  'GET /v1/operator/incidents/{id}': records('incident.listed'),
  'GET /v1/operator/incidents/{id}/impact': records('incident.impact_read'),
  'GET /v1/operator/incidents/{id}/affected': records('incident.impact_read'),
  'GET /v1/operator/incidents/{id}/entries': records('incident.impact_read'),
  'GET /v1/operator/incidents/{id}/affected/export': records('incident.exported'),
  'GET /v1/operator/incidents/{id}/draft': records('incident.impact_read', 'incident.exported'),
  'GET /v1/operator/incidents/{id}/containment': records('incident.containment_read'),
  'POST /v1/operator/incidents/{id}/contain': records('incident.containment_ordered'),
  'POST /v1/operator/incidents/{id}/notify': records('incident.notification_ordered'),
  'POST /v1/operator/incidents/{id}/close': records('incident.closed'),
  'GET /v1/operator/staff': records('staff.listed'),
  'POST /v1/operator/staff': records('staff.invited'),
  'POST /v1/operator/staff/search': records('staff.listed'),
  'POST /v1/operator/staff/{id}/suspend': records('staff.suspended', 'session.ended'),
  'POST /v1/operator/staff/{id}/resume': records('staff.resumed'),
  'DELETE /v1/operator/staff/{id}': records('staff.removed'),

  'GET /v1/audit/events': records('audit.listed'),
  'GET /v1/audit/events/{id}': records('audit.entry_read'),
  'GET /v1/audit/events/{id}/proof': records('audit.proof_read'),
  'GET /v1/audit/checkpoints': records('audit.checkpoints_listed'),
  'GET /v1/audit/consistency': records('audit.consistency_read'),
  'GET /v1/audit/summary': records('audit.summary_read'),
  'GET /v1/audit/alerts': records('audit.alerts_listed'),
  'GET /v1/audit/export': records('audit.exported'),
};

/** What stands before many routes and records the same wherever it does. */
export const ANYWHERE: readonly Action[] = ['token.refused', 'answer.replayed', 'request.turned_away'];

function profileList(name: string): Record<string, Recorded> {
  const list = `/v1/me/profile/${name}`;
  return {
    [`GET ${list}`]: records('candidate.profile_read'),
    [`POST ${list}`]: records('candidate.profile_changed'),
    [`GET ${list}/{id}`]: records('candidate.profile_read'),
    [`PUT ${list}/{id}`]: records('candidate.profile_changed'),
    [`DELETE ${list}/{id}`]: records('candidate.profile_changed'),
  };
}
