import { createHmac } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { LedgerModule, OriginHasher, SequencerModule } from '../../src/ledger/index.js';
import { ConfigModule } from '../../src/platform/config/config.module.js';
import type { Settings } from '../../src/platform/config/settings.js';
import { DatabaseModule } from '../../src/platform/database/database.module.js';
import { HealthModule } from '../../src/platform/health/health.module.js';
import { LoggingModule } from '../../src/platform/logging/logging.module.js';
import type { MovableClock } from './clock.js';

class TestOrigins extends OriginHasher {
  override hash(text: string): Promise<string> {
    return Promise.resolve(createHmac('sha256', 'known to tests only').update(text).digest('base64url'));
  }
}

@Global()
@Module({ providers: [{ provide: OriginHasher, useClass: TestOrigins }], exports: [OriginHasher] })
class Wiring {}

/** One process's worth of the ledger, alone. */
export function startLedger(settings: Settings, clock: MovableClock): Promise<INestApplicationContext> {
  @Module({
    imports: [
      ConfigModule.with(settings, { clock }),
      LoggingModule,
      DatabaseModule,
      HealthModule,
      Wiring,
      LedgerModule,
      SequencerModule,
    ],
  })
  class Process {}
  return NestFactory.createApplicationContext(Process, { logger: false, abortOnError: false });
}
