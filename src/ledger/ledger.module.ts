import { Global, Module } from '@nestjs/common';
import { Backlog } from './append/backlog.js';
import { ChangeStream } from './append/change-stream.js';
import { EntryPreparation } from './append/entry-preparation.js';
import { Heartbeats } from './append/heartbeats.js';
import { Ledger } from './append/ledger.js';
import { LedgerConnection } from './append/ledger-connection.js';
import { ReadStreams } from './append/read-streams.js';
import { SequencedWatch } from './append/sequenced-watch.js';
import { SubjectReferences } from './append/subject-references.js';
import { TieAlarm } from './append/tie-alarm.js';
import { TieMarks } from './append/tie-marks.js';
import { SubjectTies } from './erasure/subject-ties.js';
import { AuditorConnection } from './read/auditor-connection.js';
import { EvidenceSource } from './read/evidence-source.js';
import { AwaitedEntries } from './read/awaited-entries.js';
import { Exposures } from './read/exposures.js';
import { LedgerEpoch } from './read/ledger-epoch.js';
import { LeafSpans } from './read/leaf-spans.js';
import { LedgerExport } from './read/ledger-export.js';
import { LedgerReader } from './read/ledger-reader.js';
import { LedgerSource } from './read/ledger-source.js';
import { SubjectHistory } from './read/subject-history.js';
import { TreeReader } from './read/tree-reader.js';
import { Retention } from './retention/retention.js';
import { RetentionSchedule } from './retention/retention-schedule.js';
import { NewEpoch } from './sequence/new-epoch.js';
import { Sequencer } from './sequence/sequencer.js';
import { LedgerStatusReader } from './verify/ledger-status.js';
import { LedgerVerifier } from './verify/ledger-verifier.js';
import { CheckpointPublication } from './witness/checkpoint-publication.js';
import { ExportPermission } from './witness/export-permission.js';
import { SinkStore } from './witness/sink-store.js';
import { Witnesses } from './witness/witnesses.js';

@Global()
@Module({
  providers: [
    LedgerConnection,
    TieMarks,
    SubjectReferences,
    EntryPreparation,
    Heartbeats,
    Backlog,
    ReadStreams,
    ChangeStream,
    SequencedWatch,
    Ledger,
    TieAlarm,
    SubjectTies,
    AuditorConnection,
    TreeReader,
    LeafSpans,
    LedgerSource,
    EvidenceSource,
    LedgerReader,
    LedgerEpoch,
    NewEpoch,
    LedgerVerifier,
    LedgerStatusReader,
    LedgerExport,
    SubjectHistory,
    AwaitedEntries,
    Exposures,
    Witnesses,
    ExportPermission,
    Retention,
  ],
  exports: [
    Ledger,
    SubjectTies,
    LedgerReader,
    LedgerEpoch,
    LedgerExport,
    SubjectHistory,
    AwaitedEntries,
    Exposures,
    TreeReader,
    ExportPermission,
    Retention,
    ChangeStream,
    EntryPreparation,
  ],
})
export class LedgerModule {}

/** For the worker: builds the tree. */
@Module({ providers: [Sequencer], exports: [Sequencer] })
export class SequencerModule {}

/** For the worker: gives the tree's checkpoints to places outside. */
@Module({ providers: [SinkStore, CheckpointPublication], exports: [CheckpointPublication] })
export class PublicationModule {}

/** For the worker: drops each month what need not be kept any longer. */
@Module({ providers: [RetentionSchedule], exports: [RetentionSchedule] })
export class RetentionModule {}
