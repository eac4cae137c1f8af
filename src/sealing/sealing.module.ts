import { Global, Module } from '@nestjs/common';
import { Clock } from '../kernel/clock.js';
import { Randomness } from '../kernel/randomness.js';
import { Settings } from '../platform/config/settings.js';
import { Logger } from '../platform/logging/logger.js';
import { BlindIndex } from './blind-index.js';
import { InstallationKey } from './installation.js';
import { IndexKeys } from './keys/index-keys.js';
import { KeyChanges } from './keys/key-changes.js';
import { KeyStore } from './keys/key-store.js';
import { SubjectKeyCache } from './keys/subject-key-cache.js';
import { SubjectKeys } from './keys/subject-keys.js';
import { Opener } from './opening.js';
import { createKeyProvider } from './providers/create-key-provider.js';
import { KeyProbe } from './providers/key-probe.js';
import { KeyProvider } from './providers/key-provider.js';
import { RecordRevisions } from './records/record-revisions.js';
import { RowMacs } from './records/row-macs.js';
import { SecurityRecords } from './records/security-records.js';
import { Sealer } from './sealer.js';

@Global()
@Module({
  providers: [
    {
      provide: KeyProvider,
      inject: [Settings, Randomness, Clock, Logger],
      useFactory: (settings: Settings, randomness: Randomness, clock: Clock, logger: Logger) =>
        createKeyProvider(settings.keyring, { randomness, clock, logger }),
    },
    KeyProbe,
    KeyStore,
    SubjectKeyCache,
    KeyChanges,
    SubjectKeys,
    IndexKeys,
    InstallationKey,
    BlindIndex,
    RecordRevisions,
    SecurityRecords,
    RowMacs,
    Sealer,
    Opener,
  ],
  exports: [
    KeyProvider,
    KeyProbe,
    KeyStore,
    SubjectKeys,
    IndexKeys,
    BlindIndex,
    SecurityRecords,
    RowMacs,
    Sealer,
    Opener,
  ],
})
export class SealingModule {}
