/**
 * Every place where a sealed value may stand. The logical names are part of what each value is bound to: an entry
 * is never renamed, whatever happens to its table or column.
 *
 * `personal`: what a person told us; opened by `disclosure` only, against a receipt of the ledger.
 * `operational`: what the machinery itself needs (to check a password, to send a mail, to tell sessions apart); never
 * shown to anyone but the person it is about.
 */
export const PLACES = {
  'identity_account.email': 'operational',
  'identity_account.role': 'operational',
  'identity_account.password_hash': 'operational',
  'identity_account.totp_secret': 'operational',
  'identity_account.recovery_codes': 'operational',
  'identity_passkey.credential': 'operational',
  'identity_federated_identity.identity': 'operational',
  'identity_session.origin': 'operational',
  'identity_registration_request.content': 'operational',
  'identity_pending_password.content': 'operational',
  'identity_pending_change.change': 'operational',
  'identity_request.content': 'operational',
  'platform_outgoing_mail.message': 'operational',
  'platform_idempotency.answer': 'personal',
  'agencies_client.metadata': 'operational',
  'webhooks_endpoint.url': 'operational',
  'webhooks_endpoint.secrets': 'operational',
  'oauth_signing_key.jwk': 'operational',
  'oauth_record.payload': 'operational',
  'candidates_profile.identity': 'personal',
  'candidates_profile.contact': 'personal',
  'candidates_profile.address': 'personal',
  'candidates_profile.preferences': 'personal',
  'candidates_profile.accommodations': 'personal',
  'candidates_diversity.answers': 'personal',
  'candidates_education.entry': 'personal',
  'candidates_experience.entry': 'personal',
  'candidates_language.entry': 'personal',
  'documents_document.details': 'personal',
  'documents_document.document_key': 'personal',
  'applications_application.motivation': 'personal',
  'applications_application.answers': 'personal',
  'applications_application.snapshot': 'personal',
  'applications_application.decision_note': 'personal',
  'privacy_consent.decision': 'personal',
  'incidents_incident.details': 'operational',
  'incidents_notice.told': 'operational',
  'canaries_planting.content': 'operational',
} as const satisfies Record<string, 'personal' | 'operational'>;

export type PlaceName = keyof typeof PLACES;
export type Kind = 'personal' | 'operational';

declare const held: unique symbol;

/** A place together with the type of what is sealed there. */
export interface Place<T, K extends Kind = Kind> {
  readonly name: PlaceName;
  readonly kind: K;
  readonly [held]?: T;
}

export type PersonalPlace<T> = Place<T, 'personal'>;
export type OperationalPlace<T> = Place<T, 'operational'>;

/** `place<Address>()('candidates_profile.address')` */
export function place<T>(): <N extends PlaceName>(name: N) => Place<T, (typeof PLACES)[N]> {
  return (name) => ({ name, kind: PLACES[name] });
}
