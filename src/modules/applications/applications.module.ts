import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DisclosureModule } from '../../disclosure/index.js';
import { CandidatesModule } from '../candidates/index.js';
import { DocumentsModule } from '../documents/index.js';
import { IdentityModule } from '../identity/index.js';
import { AgenciesModule } from '../agencies/index.js';
import { PersonalDataModule } from '../personal-data/index.js';
import { SecurityRecordsModule } from '../security-records/index.js';
import { VacanciesModule } from '../vacancies/index.js';
import { AgencyUsage } from './agency-usage.js';
import { Allowances } from './allowances.js';
import { ApplicationChanges } from './application-changes.js';
import { ApplicationDisclosures } from './application-disclosures.js';
import { ApplicationLetters } from './application-letters.js';
import { ApplicationObservers } from './application-observers.js';
import { ApplicationReader } from './application-reader.js';
import { ApplicationRecords } from './application-records.js';
import { ApplicationsAtLarge } from './applications-at-large.js';
import { AppliedVacancies } from './applied-vacancies.js';
import { AttachedDocuments } from './attached-documents.js';
import { DocumentDisclosures } from './document-disclosures.js';
import { AgencyDiversity } from './diversity/agency-diversity.js';
import { DiversityCount } from './diversity/diversity-count.js';
import { Lapses } from './lapses.js';
import { MovePreparation } from './move-preparation.js';
import { OfferDeadlines } from './offer-deadlines.js';
import { OpenApplications } from './open-applications.js';
import { OwnApplications } from './own-applications.js';
import { OwnNotifications } from './own-notifications.js';
import { ApplicationEntity } from './persistence/application.entity.js';
import { ApplicationRecordEntity } from './persistence/application-record.entity.js';
import { DiversityFiguresEntity } from './persistence/diversity-figures.entity.js';
import { EventEntity } from './persistence/event.entity.js';
import { ApplicationData } from './personal-data/application-data.js';
import { ApplicationErasure } from './personal-data/application-erasure.js';
import { ReceivedApplications } from './received-applications.js';
import { ReceivedLists } from './received-lists.js';
import { SandboxApplications } from './sandbox/sandbox-applications.js';
import { Submissions } from './submissions.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([
      ApplicationEntity,
      ApplicationRecordEntity,
      EventEntity,
      DiversityFiguresEntity,
    ]),
    DisclosureModule,
    IdentityModule,
    CandidatesModule,
    DocumentsModule,
    AgenciesModule,
    VacanciesModule,
    PersonalDataModule,
    SecurityRecordsModule,
  ],
  providers: [
    ApplicationRecords,
    ApplicationChanges,
    ApplicationLetters,
    MovePreparation,
    ApplicationObservers,
    ApplicationReader,
    OwnApplications,
    AppliedVacancies,
    OwnNotifications,
    Submissions,
    ReceivedApplications,
    ReceivedLists,
    ApplicationDisclosures,
    DocumentDisclosures,
    AgencyUsage,
    Allowances,
    OpenApplications,
    ApplicationsAtLarge,
    AttachedDocuments,
    AgencyDiversity,
    DiversityCount,
    Lapses,
    OfferDeadlines,
    SandboxApplications,
    ApplicationErasure,
    ApplicationData,
  ],
  exports: [
    ApplicationRecords,
    ApplicationObservers,
    OwnApplications,
    AppliedVacancies,
    OwnNotifications,
    Submissions,
    ReceivedApplications,
    ReceivedLists,
    ApplicationDisclosures,
    DocumentDisclosures,
    AgencyUsage,
    ApplicationsAtLarge,
    AgencyDiversity,
    DiversityCount,
    OfferDeadlines,
    SandboxApplications,
  ],
})
export class ApplicationsModule {}
