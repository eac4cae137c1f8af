import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Settings } from '../config/settings.js';
import { Database } from './database.js';
import { SENT_TOGETHER } from './gathering-socket.js';

/** How long a transaction may wait for its own process. */
const HUNG_MS = 60_000;
const GONE_MS = 2_000;

@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [Settings],
      useFactory: (settings: Settings) => ({
        type: 'postgres' as const,
        url: settings.database.appUrl,
        applicationName: 'sceau',
        poolSize: settings.database.poolSize,
        autoLoadEntities: true,
        synchronize: false,
        migrationsRun: false,
        logging: false,
        retryAttempts: 1,
        installExtensions: false,
        extra: {
          ...SENT_TOGETHER,
          connectionTimeoutMillis: 5_000,
          // What a process holds, others wait for: a hung one must let go, and one that is gone must be noticed even
          // while its last statement waits for a lock.
          idle_in_transaction_session_timeout: HUNG_MS,
          options: `-c client_connection_check_interval=${GONE_MS}`,
        },
      }),
    }),
  ],
  providers: [Database],
  exports: [Database],
})
export class DatabaseModule {}
