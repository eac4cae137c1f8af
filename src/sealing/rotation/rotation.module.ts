import { Module } from '@nestjs/common';
import { AccountIndex } from './account-index.js';
import { IndexRotation } from './index-rotation.js';
import { KeyStatusReader } from './key-status.js';
import { MasterRotation } from './master-rotation.js';
import { MasterStore } from './master-store.js';
import { RewrapStore } from './rewrap-store.js';
import { RotationPool } from './rotation-pool.js';
import { SubjectResealing } from './resealing.js';
import { SubjectRotation } from './subject-rotation.js';
import { SubjectRotationStore } from './subject-rotation-store.js';
import { KeyRewrapping } from './rewrapping.js';

/** Everything that renews and retires keys. Its entries go wherever `KeyJournal` leads, rows are written by `SealedRowWriter`. */
@Module({
  providers: [
    RotationPool,
    MasterStore,
    RewrapStore,
    MasterRotation,
    KeyRewrapping,
    KeyStatusReader,
    SubjectResealing,
    SubjectRotationStore,
    SubjectRotation,
    AccountIndex,
    IndexRotation,
  ],
  exports: [MasterRotation, KeyRewrapping, SubjectRotation, IndexRotation, KeyStatusReader],
})
export class RotationModule {}
