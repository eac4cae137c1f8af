import { Module } from '@nestjs/common';
import { ApplicationsModule } from '../../modules/applications/index.js';
import { CandidatesModule } from '../../modules/candidates/index.js';
import { DocumentsModule } from '../../modules/documents/index.js';
import { IdentityModule } from '../../modules/identity/index.js';
import { IncidentsModule } from '../../modules/incidents/index.js';
import { PrivacyModule } from '../../modules/privacy/index.js';
import { AccessHistoryController } from './access-history/access-history.controller.js';
import { NotificationsController } from './applications/notifications.controller.js';
import { OwnApplicationsController } from './applications/applications.controller.js';
import { OverviewController } from './applications/overview.controller.js';
import { ProgressController } from './applications/progress.controller.js';
import { SubmissionsController } from './applications/submissions.controller.js';
import { ConsentsController } from './privacy/consents.controller.js';
import { PersonalDataController } from './privacy/personal-data.controller.js';
import { DocumentsController } from './documents/documents.controller.js';
import { DiversityController } from './diversity/diversity.controller.js';
import { EducationController } from './profile/education.controller.js';
import { ExperienceController } from './profile/experience.controller.js';
import { LanguageController } from './profile/languages.controller.js';
import { ProfileController } from './profile/profile.controller.js';

@Module({
  imports: [
    IdentityModule,
    CandidatesModule,
    DocumentsModule,
    ApplicationsModule,
    IncidentsModule,
    PrivacyModule,
  ],
  controllers: [
    ProfileController,
    EducationController,
    ExperienceController,
    LanguageController,
    DocumentsController,
    DiversityController,
    AccessHistoryController,
    OverviewController,
    OwnApplicationsController,
    SubmissionsController,
    ProgressController,
    NotificationsController,
    ConsentsController,
    PersonalDataController,
  ],
})
export class CandidateApiModule {}
