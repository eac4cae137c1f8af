export { Ledger } from './append/ledger.js';
export { Receipt } from './append/receipt.js';
export type { EntryDraft, TouchedSubject } from './entry/entry.js';
export { OriginHasher } from './entry/origin-hasher.js';
export {
  type Action,
  ACTIONS,
  type EntryPurpose,
  type Outcome,
  OUTCOMES,
  type ResourceType,
  VOCABULARY,
} from './entry/vocabulary.js';
export { LedgerModule, SequencerModule } from './ledger.module.js';
export { parseTilePath, verifyInclusion } from './merkle/index.js';
export {
  type EntryProof,
  type LedgerEntry,
  type LedgerFilter,
  LedgerReader,
  type PublishedCheckpoint,
  type SubjectAccess,
} from './read/ledger-reader.js';
export { Sequencer } from './sequence/sequencer.js';
