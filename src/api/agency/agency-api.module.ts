import { Module } from '@nestjs/common';
import { AgenciesModule } from '../../modules/agencies/index.js';
import { ApplicationsModule } from '../../modules/applications/index.js';
import { VacanciesModule } from '../../modules/vacancies/index.js';
import { WebhooksModule } from '../../modules/webhooks/index.js';
import { AgencyApplicationsController } from './applications/applications.controller.js';
import { ApplicationListsController } from './applications/lists.controller.js';
import { AgencyDocumentsController } from './applications/documents.controller.js';
import { SandboxController } from './sandbox/sandbox.controller.js';
import { AgencyUsageController } from './usage/usage.controller.js';
import { AgencyVacanciesController } from './vacancies/vacancies.controller.js';
import { VacancyDiversityController } from './vacancies/diversity.controller.js';
import { VacancyMovesController } from './vacancies/vacancy-moves.controller.js';
import { DeliveriesController } from './webhooks/deliveries.controller.js';
import { EndpointsController } from './webhooks/endpoints.controller.js';

@Module({
  imports: [AgenciesModule, VacanciesModule, ApplicationsModule, WebhooksModule],
  controllers: [
    AgencyVacanciesController,
    VacancyMovesController,
    ApplicationListsController,
    VacancyDiversityController,
    AgencyApplicationsController,
    AgencyDocumentsController,
    EndpointsController,
    DeliveriesController,
    SandboxController,
    AgencyUsageController,
  ],
})
export class AgencyApiModule {}
