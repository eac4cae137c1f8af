/**
 * Columns in which text, JSON or bytes stand unsealed, and why that tells a thief nothing about a person beyond what
 * docs/threat-model.md names as leakage. Whoever adds one here has asked: could a candidate have typed this?
 */
export const REVIEWED_COLUMNS: Readonly<Record<string, string>> = {
  'agencies.agency.name': 'a public body is named in public',
  'agencies.client.mac': 'HMAC-SHA-256 over the row, under a wrapped key of its own',
  'agencies.client.status': 'one of two words; what counts is sealed in metadata',

  'applications.application.status': 'documented leakage: one of twelve words',
  'applications.event.actor_kind': 'candidate, agency or system',
  'applications.event.from_status': 'documented leakage: one of twelve words',
  'applications.event.reason': 'a code of a fixed list',
  'applications.event.to_status': 'documented leakage: one of twelve words',

  'audit.checkpoint.note': 'signed tree heads are public',
  'audit.checkpoint.root': 'a hash of the tree',
  'audit.cosignature.line': 'what a witness has signed: its name and signature',
  'audit.cosignature.sink': 'the name of a place that keeps checkpoints',
  'audit.entry.action': 'a word of the ledger vocabulary',
  'audit.entry.actor_id': 'a random or time-ordered id',
  'audit.entry.actor_kind': 'a word of the ledger vocabulary',
  'audit.entry.origin_address': 'a keyed hash of an address',
  'audit.entry.origin_network': 'a keyed hash of a network',
  'audit.entry.outcome': 'a word of the ledger vocabulary',
  'audit.entry.purpose': 'a word of the release policy',
  'audit.entry.reason': 'a code in snake_case',
  'audit.entry.resource_id': 'an id that says nothing by itself',
  'audit.entry.resource_type': 'a word of the ledger vocabulary',
  'audit.leaf.envelope': 'an entry: ids, words of the vocabulary, times and keyed hashes',
  'audit.leaf.hash': 'a hash of an entry that is in the next column',
  'audit.leaf.signature': 'an Ed25519 signature',
  'audit.refusal.reason': 'a code in snake_case',
  'audit.sink.name': 'the name of a place that keeps checkpoints',
  'audit.sink.objection': 'a code in snake_case',
  'audit.quarantine.envelope': 'an entry, as in audit.leaf',
  'audit.quarantine.objection': 'a code of the sequencer, made of no input',
  'audit.quarantine.signature': 'an Ed25519 signature, or what stood in its place',
  'audit.quarantine.subjects': 'records, as in audit.subject_record',
  'audit.signed_head.note': 'signed tree heads are public',
  'audit.signed_head.root': 'a hash of the tree',
  'audit.staging.envelope': 'an entry, as in audit.leaf',
  'audit.staging.signature': 'an Ed25519 signature',
  'audit.staging.subjects': 'records, as in audit.subject_record',
  'audit.subject_record.hash': 'a hash of a record with a random reference in it',
  'audit.subject_record.record': 'a random reference and names of fields, never their content',
  'audit.tile.hashes': 'hashes of the tree',
  'audit.tree_head.root': 'a hash of the tree',
  'audit.writer.last': 'a hash of an entry',
  'audit.writer.mark': 'a keyed mark of a key',
  'audit.writer.public_key': 'a public key',
  'audit.writer.stream': 'reads or changes',

  'identity.account.mac': 'HMAC-SHA-256 over the row, under a wrapped key of its own',
  'identity.account.email_index': 'a keyed hash; its key is wrapped and of another purpose than every other',
  'identity.account.email_index_next': 'the same under the key that is being gone over to',
  'identity.account.locale': 'documented leakage: fr or en',
  'identity.account.status': 'documented leakage: one of three words',
  'identity.account.session_floors': 'ids of sessions and numbers',
  'identity.pending_change.kind': 'one of two words',
  'identity.session.limited_to': 'one word or none',
  'identity.session.mac': 'HMAC-SHA-256 over the row, under a wrapped key of its own',
  'identity.session.token_hash': 'a hash of 32 random bytes',
  'identity.session.transport': 'cookie or token',
  'identity.ticket.mac': 'HMAC-SHA-256 over the row, under a wrapped key of its own',
  'identity.ticket.purpose': 'one of five words',
  'identity.ticket.token_hash': 'a hash of 32 random bytes',

  'keys.index_key.purpose': 'a word of a fixed list',
  'keys.index_key.wrapped': 'a key under the master key',
  'keys.record_revision.kind': 'the name of a table',
  'keys.record_revision.transaction': 'the number of a transaction',
  'platform.resealed_value.digest': 'SHA-256 of a sealed value, which holds a random nonce',
  'keys.subject_key.wrapped': 'a key under the master key',
  'keys.tombstone.reason': 'a code in snake_case',

  'oauth.record.digest': 'a hash of a random token',
  'oauth.replay.digest': 'a hash of an identifier that a program chose',

  'platform.blind_index.name': 'which index: email',
  'platform.blind_index.phase': 'one of four words',
  'platform.idempotency.actor': 'the kind and id of whoever asked',
  'platform.idempotency.key_digest': 'a keyed hash',
  'platform.idempotency.request_digest':
    'a keyed hash: without the key no guess about the request is confirmed',
  'platform.rate_limit.key': 'a keyed hash of an address or account',

  'public.schema_migration.name': 'names of migrations',

  'vacancies.vacancy.category': 'vacancies are public',
  'vacancies.vacancy.contract': 'vacancies are public',
  'vacancies.vacancy.department': 'vacancies are public',
  'vacancies.vacancy.description': 'vacancies are public',
  'vacancies.vacancy.questions': 'vacancies are public',
  'vacancies.vacancy.remote': 'vacancies are public',
  'vacancies.vacancy.search': 'vacancies are public',
  'vacancies.vacancy.status': 'vacancies are public',
  'vacancies.vacancy.title': 'vacancies are public',
};

/** The schema of pg-boss, whose tables are its own affair: a job's payload holds ids only (see queues.ts). */
export const SCHEMA_OF_JOBS = 'jobs';

/** Places whose name is not that of their column any more, or never was: a place is never renamed. */
export const COLUMN_OF_PLACE: Readonly<Record<string, string>> = {
  'applications_application.decision_note': 'applications.event.note',
};
