import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ClientSuspension, DisclosureModule, SealedAnswers } from './disclosure/index.js';
import { LedgerModule, OriginHasher } from './ledger/index.js';
import { AgenciesModule } from './modules/agencies/index.js';
import { AlertsModule } from './modules/alerts/index.js';
import { ApplicationsModule } from './modules/applications/index.js';
import { CanariesModule } from './modules/canaries/index.js';
import { CandidatesModule } from './modules/candidates/index.js';
import { DocumentsModule } from './modules/documents/index.js';
import { IdentityModule } from './modules/identity/index.js';
import { IncidentsModule } from './modules/incidents/index.js';
import { PrivacyModule } from './modules/privacy/index.js';
import { KeptRecords, SecurityRecordsModule } from './modules/security-records/index.js';
import { UnusualAccessModule } from './modules/unusual-access/index.js';
import { VacanciesModule } from './modules/vacancies/index.js';
import { WebhooksModule } from './modules/webhooks/index.js';
import { ConfigModule, type Sources } from './platform/config/config.module.js';
import type { Settings } from './platform/config/settings.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { HealthModule } from './platform/health/health.module.js';
import { HttpKeys } from './platform/http/http-keys.js';
import { LimitJournal } from './platform/http/limit-journal.js';
import { HttpModule } from './platform/http/http.module.js';
import { AnswerVault } from './platform/http/idempotency/answer-vault.js';
import { JobsModule } from './platform/jobs/jobs.module.js';
import { LoggingModule } from './platform/logging/logging.module.js';
import { MailModule } from './platform/mail/mail.module.js';
import { MetricsModule } from './platform/metrics/metrics.module.js';
import { ObjectsModule } from './platform/objects/objects.module.js';
import { OutboundModule } from './platform/outbound/outbound.module.js';
import { ScanningModule } from './platform/scanning/scanning.module.js';
import { KeyJournal, RotationModule, SealedRowWriter, SealingModule } from './sealing/index.js';
import {
  KeyedOrigins,
  KeysReadiness,
  LedgerKeyJournal,
  LedgerLimitJournal,
  SealedHttpKeys,
  SuspensionOfClients,
} from './wiring.js';

/** Where a room asks for something without knowing who gives it, this says who. */
@Global()
@Module({
  imports: [SealingModule, DisclosureModule, AgenciesModule, SecurityRecordsModule],
  providers: [
    { provide: HttpKeys, useClass: SealedHttpKeys },
    { provide: LimitJournal, useClass: LedgerLimitJournal },
    { provide: OriginHasher, useClass: KeyedOrigins },
    KeysReadiness,
    { provide: AnswerVault, useExisting: SealedAnswers },
    { provide: KeyJournal, useClass: LedgerKeyJournal },
    { provide: SealedRowWriter, useExisting: KeptRecords },
    { provide: ClientSuspension, useClass: SuspensionOfClients },
  ],
  exports: [HttpKeys, LimitJournal, OriginHasher, AnswerVault, KeyJournal, SealedRowWriter, ClientSuspension],
})
class WiringModule {}

/** Every room but the edges: what the HTTP process, the worker and the command line have in common. */
@Module({})
export class RoomsModule {
  static with(settings: Settings, sources: Sources = {}): DynamicModule {
    return {
      module: RoomsModule,
      imports: [
        ConfigModule.with(settings, sources),
        LoggingModule,
        DatabaseModule,
        HealthModule,
        HttpModule,
        JobsModule,
        MailModule,
        MetricsModule,
        ObjectsModule,
        OutboundModule,
        ScanningModule,
        WiringModule,
        SealingModule,
        RotationModule,
        LedgerModule,
        DisclosureModule,
        IdentityModule,
        AgenciesModule,
        CandidatesModule,
        DocumentsModule,
        VacanciesModule,
        ApplicationsModule,
        WebhooksModule,
        AlertsModule,
        CanariesModule,
        UnusualAccessModule,
        PrivacyModule,
        IncidentsModule,
      ],
    };
  }
}
