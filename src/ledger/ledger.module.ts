import { Global, Module } from '@nestjs/common';
import { EntryPreparation } from './append/entry-preparation.js';
import { Ledger } from './append/ledger.js';
import { SequencedWatch } from './append/sequenced-watch.js';
import { LedgerReader } from './read/ledger-reader.js';
import { Sequencer } from './sequence/sequencer.js';

@Global()
@Module({
  providers: [EntryPreparation, SequencedWatch, Ledger, LedgerReader],
  exports: [Ledger, LedgerReader],
})
export class LedgerModule {}

/** For the worker: builds the tree. */
@Module({ providers: [Sequencer], exports: [Sequencer] })
export class SequencerModule {}
