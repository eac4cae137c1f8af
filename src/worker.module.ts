import { type DynamicModule, type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  CheckpointPublication,
  PublicationModule,
  RetentionModule,
  RetentionSchedule,
  Sequencer,
  SequencerModule,
} from './ledger/index.js';
import { DocumentSweep } from './modules/documents/index.js';
import { AlertWatch } from './modules/alerts/index.js';
import { DiversityCount, OfferDeadlines } from './modules/applications/index.js';
import { Admission, CleanUp, MailDelivery, OutboxSweep, QueuedRequests } from './modules/identity/index.js';
import { OrderWork } from './modules/incidents/index.js';
import { ErasureWork } from './modules/privacy/index.js';
import { Closing } from './modules/vacancies/index.js';
import { UnusualAccessWatch } from './modules/unusual-access/index.js';
import { DueWork } from './modules/webhooks/index.js';
import type { Sources } from './platform/config/config.module.js';
import type { Settings } from './platform/config/settings.js';
import { ExpiredAnswers } from './platform/http/idempotency/expired-answers.js';
import { MetricsServer } from './platform/metrics/metrics-server.js';
import { ProcessRecord } from './process-record.js';
import { RoomsModule } from './rooms.module.js';

/** The background process: the ledger's sequencer and the jobs. */
@Module({})
class WorkerModule {
  static with(settings: Settings, sources: Sources): DynamicModule {
    return {
      module: WorkerModule,
      providers: [ProcessRecord.of('worker'), ExpiredAnswers],
      imports: [RoomsModule.with(settings, sources), SequencerModule, PublicationModule, RetentionModule],
    };
  }
}

/** A worker that is already at work; `close()` lets it finish what it holds. */
export async function createWorker(
  settings: Settings,
  sources: Sources = {},
): Promise<INestApplicationContext> {
  const worker = await NestFactory.createApplicationContext(WorkerModule.with(settings, sources), {
    logger: false,
    abortOnError: false,
  });
  await worker.get(Sequencer, { strict: false }).start();
  await worker.get(CheckpointPublication, { strict: false }).start();
  await worker.get(RetentionSchedule, { strict: false }).start();
  await worker.get(Admission, { strict: false }).start();
  await worker.get(MailDelivery, { strict: false }).start();
  await worker.get(OutboxSweep, { strict: false }).start();
  await worker.get(QueuedRequests, { strict: false }).start();
  await worker.get(CleanUp, { strict: false }).start();
  await worker.get(ErasureWork, { strict: false }).start();
  await worker.get(DocumentSweep, { strict: false }).start();
  await worker.get(ExpiredAnswers, { strict: false }).start();
  await worker.get(Closing, { strict: false }).start();
  await worker.get(DiversityCount, { strict: false }).start();
  await worker.get(OrderWork, { strict: false }).start();
  await worker.get(OfferDeadlines, { strict: false }).start();
  await worker.get(DueWork, { strict: false }).start();
  await worker.get(AlertWatch, { strict: false }).start();
  await worker.get(UnusualAccessWatch, { strict: false }).start();
  await worker.get(MetricsServer, { strict: false }).start();
  return worker;
}
