import type { PlaceName } from '../places.js';

/** Where a place's values stand at present: its logical name never changes, a table or column may. */
export interface SealedColumn {
  /** With its schema. */
  readonly table: string;
  readonly column: string;
  /** Column with the id of the row that values are bound to. */
  readonly row: string;
  /** SQL condition for the rows of the subject `$1`. */
  readonly owned: string;
  /** Whose rows row-level security has to show. */
  readonly scope: 'system' | 'candidate';
}

const account = (column: string): SealedColumn => ({
  table: 'identity.account',
  column,
  row: 'id',
  owned: 'id = $1::uuid',
  scope: 'system',
});

const candidate = (table: string, column: string, row = 'id'): SealedColumn => ({
  table: `candidates.${table}`,
  column,
  row,
  owned: 'candidate_id = $1::uuid',
  scope: 'candidate',
});

const application = (table: string, column: string): SealedColumn => ({
  table: `applications.${table}`,
  column,
  row: 'id',
  owned: 'candidate_id = $1::uuid',
  scope: 'system',
});

const document = (column: string): SealedColumn => ({
  table: 'documents.document',
  column,
  row: 'id',
  owned: 'candidate_id = $1::uuid',
  scope: 'system',
});

const webhook = (column: string): SealedColumn => ({
  table: 'webhooks.endpoint',
  column,
  row: 'id',
  owned: 'agency_id = $1::uuid',
  scope: 'system',
});

/** The subject of rows that belong to nobody: see `INSTALLATION`. */
const OF_INSTALLATION = `$1 ::uuid = '01900000-0000-7000-8000-000000000001'`;

/** Every sealed column there is. A place without one does not compile; a column without a place fails a test. */
export const SEALED_COLUMNS: Readonly<Record<PlaceName, SealedColumn>> = {
  'identity_account.email': account('email'),
  'identity_account.role': account('role'),
  'identity_account.password_hash': account('password_hash'),
  'identity_account.totp_secret': account('totp_secret'),
  'identity_account.recovery_codes': account('recovery_codes'),
  'identity_passkey.credential': {
    table: 'identity.passkey',
    column: 'credential',
    row: 'id',
    owned: 'account_id = $1::uuid',
    scope: 'system',
  },
  'identity_pending_change.change': {
    table: 'identity.pending_change',
    column: 'change',
    row: 'id',
    owned: 'account_id = $1::uuid',
    scope: 'system',
  },
  'identity_federated_identity.identity': {
    table: 'identity.federated_identity',
    column: 'identity',
    row: 'id',
    owned: 'account_id = $1::uuid',
    scope: 'system',
  },
  'identity_request.content': {
    table: 'identity.request',
    column: 'content',
    row: 'id',
    owned: OF_INSTALLATION,
    scope: 'system',
  },
  'identity_session.origin': {
    table: 'identity.session',
    column: 'origin',
    row: 'id',
    owned: 'account_id = $1::uuid',
    scope: 'system',
  },
  'identity_registration_request.content': {
    table: 'identity.registration_request',
    column: 'content',
    row: 'id',
    owned: OF_INSTALLATION,
    scope: 'system',
  },
  'identity_pending_password.content': {
    table: 'identity.pending_password',
    column: 'content',
    row: 'account_id',
    owned: 'account_id = $1::uuid',
    scope: 'system',
  },
  'platform_outgoing_mail.message': {
    table: 'platform.outgoing_mail',
    column: 'message',
    row: 'id',
    owned: 'account_id = $1::uuid',
    scope: 'system',
  },
  'platform_idempotency.answer': {
    table: 'platform.idempotency',
    column: 'answer',
    row: 'id',
    owned: `actor = 'account:' || $1::uuid::text
            OR actor IN (SELECT 'client:' || id::text FROM agencies.client WHERE agency_id = $1::uuid)`,
    scope: 'system',
  },
  'agencies_client.metadata': {
    table: 'agencies.client',
    column: 'metadata',
    row: 'id',
    owned: 'agency_id = $1::uuid',
    scope: 'system',
  },
  'webhooks_endpoint.url': webhook('url'),
  'webhooks_endpoint.secrets': webhook('secrets'),
  'oauth_signing_key.jwk': {
    table: 'oauth.signing_key',
    column: 'jwk',
    row: 'row_id',
    owned: OF_INSTALLATION,
    scope: 'system',
  },
  'oauth_record.payload': {
    table: 'oauth.record',
    column: 'payload',
    row: 'id',
    owned: OF_INSTALLATION,
    scope: 'system',
  },
  'candidates_profile.identity': candidate('profile', 'identity', 'candidate_id'),
  'candidates_profile.contact': candidate('profile', 'contact', 'candidate_id'),
  'candidates_profile.address': candidate('profile', 'address', 'candidate_id'),
  'candidates_profile.preferences': candidate('profile', 'preferences', 'candidate_id'),
  'candidates_profile.accommodations': candidate('profile', 'accommodations', 'candidate_id'),
  'candidates_diversity.answers': candidate('diversity', 'answers', 'candidate_id'),
  'candidates_education.entry': candidate('education', 'entry'),
  'candidates_experience.entry': candidate('experience', 'entry'),
  'candidates_language.entry': candidate('language', 'entry'),
  'documents_document.details': document('details'),
  'documents_document.document_key': document('document_key'),
  'applications_application.motivation': application('application', 'motivation'),
  'applications_application.answers': application('application', 'answers'),
  'applications_application.snapshot': application('application', 'snapshot'),
  'applications_application.decision_note': application('event', 'decision'),
  'privacy_consent.decision': {
    table: 'privacy.consent',
    column: 'decision',
    row: 'id',
    owned: 'candidate_id = $1::uuid',
    scope: 'candidate',
  },
  'incidents_incident.details': {
    table: 'incidents.incident',
    column: 'details',
    row: 'id',
    owned: OF_INSTALLATION,
    scope: 'system',
  },
  'incidents_notice.told': {
    table: 'incidents.notice',
    column: 'told',
    row: 'id',
    owned: 'candidate_id = $1::uuid',
    scope: 'system',
  },
  'canaries_planting.content': {
    table: 'canaries.planting',
    column: 'content',
    row: 'id',
    owned: OF_INSTALLATION,
    scope: 'system',
  },
};
