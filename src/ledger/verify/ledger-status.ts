import { Injectable } from '@nestjs/common';
import { Settings } from '../../platform/config/settings.js';
import { Backlog, type LedgerCondition } from '../append/backlog.js';
import { type PublishedCheckpoint, TreeReader } from '../read/tree-reader.js';
import { StateFile } from '../sequence/state-file.js';

export interface LedgerStatus extends LedgerCondition {
  readonly checkpoint: PublishedCheckpoint | undefined;
  /** What the sequencer's own folder says, where that is on this machine. */
  readonly state: { readonly epoch: number; readonly size: number } | undefined;
}

/** How the ledger is, at a glance: nothing of it is verified. */
@Injectable()
export class LedgerStatusReader {
  readonly #settings: Settings;
  readonly #backlog: Backlog;
  readonly #tree: TreeReader;

  constructor(settings: Settings, backlog: Backlog, tree: TreeReader) {
    this.#settings = settings;
    this.#backlog = backlog;
    this.#tree = tree;
  }

  async read(): Promise<LedgerStatus> {
    const [condition, checkpoint, state] = await Promise.all([
      this.#backlog.condition(),
      this.#tree.newestCheckpoint(),
      new StateFile(this.#settings.ledger.stateDirectory).read(),
    ]);
    return { ...condition, checkpoint, state };
  }
}
