import type { INestApplicationContext } from '@nestjs/common';
import { Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { LedgerModule, OriginHasher, SequencerModule } from '../../src/ledger/index.js';
import { ConfigModule } from '../../src/platform/config/config.module.js';
import type { Settings } from '../../src/platform/config/settings.js';
import { DatabaseModule } from '../../src/platform/database/database.module.js';
import { LoggingModule } from '../../src/platform/logging/logging.module.js';
import type { MovableClock } from './clock.js';

class PlainOrigins extends OriginHasher {
  override hash(text: string): Promise<string> {
    return Promise.resolve(Buffer.from(text).toString('base64url'));
  }
}

@Global()
@Module({ providers: [{ provide: OriginHasher, useClass: PlainOrigins }], exports: [OriginHasher] })
class Wiring {}

/** One process's worth of the ledger, alone. */
export function startLedger(settings: Settings, clock: MovableClock): Promise<INestApplicationContext> {
  @Module({
    imports: [
      ConfigModule.with(settings, { clock }),
      LoggingModule,
      DatabaseModule,
      Wiring,
      LedgerModule,
      SequencerModule,
    ],
  })
  class Process {}
  return NestFactory.createApplicationContext(Process, { logger: false, abortOnError: false });
}
