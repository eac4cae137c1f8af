export { Ledger } from './append/ledger.js';
export { recordingMisses } from './append/misses.js';
export { Receipt } from './append/receipt.js';
export type { EntryColumns } from './append/staging-statements.js';
export { SubjectTies } from './erasure/subject-ties.js';
export type { EntryDraft, Envelope, TouchedSubject } from './entry/entry.js';
export { readEnvelope } from './entry/envelope-reader.js';
export type { SubjectRecord } from './entry/subject-record.js';

export type { AlertLevel } from './entry/action.js';
export { networkOf } from './entry/network.js';
export { OriginHasher } from './entry/origin-hasher.js';
export {
  type Action,
  ACTIONS,
  describeAction,
  type EntryPurpose,
  isAction,
  type Outcome,
  OUTCOMES,
  VOCABULARY,
} from './entry/vocabulary.js';
export { LedgerModule, PublicationModule, RetentionModule, SequencerModule } from './ledger.module.js';
export { formatProof, parseTilePath } from './merkle/index.js';
export { AwaitedEntries } from './read/awaited-entries.js';
export { LedgerEpoch } from './read/ledger-epoch.js';
export type { ClientEntry, EntrySummary, LedgerEntry } from './read/entry-query.js';
export { type ExposedSubject, Exposures, type ExposingActor, type ProvenExposure } from './read/exposures.js';
export { endLine, leafLine } from './read/export-line.js';
export { LedgerExport } from './read/ledger-export.js';
export type { LedgerFilter, TimeSpan } from './read/ledger-filter.js';
export type { LedgerLeaf } from './read/ledger-leaf.js';
export { LedgerReader } from './read/ledger-reader.js';
export { readRecord } from './read/read-record.js';
export { type AccessProof, type SubjectAccess, SubjectHistory } from './read/subject-history.js';
export { type Summary, SUMMARY_KEYS, type SummaryKey } from './read/summary-query.js';
export { type EntryProof, type PublishedCheckpoint, TreeReader } from './read/tree-reader.js';
export { type LedgerMonth, Retention } from './retention/retention.js';
export { RetentionSchedule } from './retention/retention-schedule.js';
export { NewEpoch } from './sequence/new-epoch.js';
export { Sequencer } from './sequence/sequencer.js';
export { type LedgerStatus, LedgerStatusReader } from './verify/ledger-status.js';
export { LedgerVerifier, type Verified } from './verify/ledger-verifier.js';
export { CheckpointPublication } from './witness/checkpoint-publication.js';
export { ExportPermission } from './witness/export-permission.js';
