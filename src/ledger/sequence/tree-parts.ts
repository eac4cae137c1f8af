import type pg from 'pg';
import type { Clock } from '../../kernel/clock.js';
import type { LedgerSettings } from '../../platform/config/settings.js';
import type { OriginHasher } from '../entry/origin-hasher.js';
import type { RaiseAlarms } from './alarms.js';
import { KeyFiles } from './checkpoint-key.js';
import { Examination } from './examination.js';
import { StagingStore } from './staging-store.js';
import { StateFile } from './state-file.js';
import { TreeStore } from './tree-store.js';

/** What the tree is kept in, checked with and signed by. */
export interface TreeParts {
  readonly staging: StagingStore;
  /** Reads what comes next while a transaction is under way. */
  readonly reading: StagingStore;
  readonly store: TreeStore;
  readonly examination: Examination;
  readonly state: StateFile;
  /** First line of the checkpoints, without the epoch. */
  readonly origin: string;
  readonly keys: KeyFiles;
  readonly raiseAlarms: RaiseAlarms;
  readonly clock: Clock;
}

/** @param client holds the election lock; @param reader reads what comes next while it works, and may be the same */
export function treeParts(
  client: pg.Client,
  reader: pg.Client,
  { origin, stateDirectory }: LedgerSettings,
  hasher: OriginHasher,
  clock: Clock,
  raiseAlarms: RaiseAlarms,
): TreeParts {
  const reading = new StagingStore(reader);
  return {
    staging: new StagingStore(client),
    reading,
    store: new TreeStore(client),
    examination: new Examination(reading, hasher),
    state: new StateFile(stateDirectory),
    origin,
    keys: new KeyFiles(stateDirectory),
    raiseAlarms,
    clock,
  };
}
