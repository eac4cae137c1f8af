import { Module } from '@nestjs/common';
import { AgenciesModule } from '../../modules/agencies/index.js';
import { ApplicationsModule } from '../../modules/applications/index.js';
import { VacanciesModule } from '../../modules/vacancies/index.js';
import { AgencyApplicationsController } from './applications/applications.controller.js';
import { AgencyVacanciesController } from './vacancies/vacancies.controller.js';

@Module({
  imports: [AgenciesModule, VacanciesModule, ApplicationsModule],
  controllers: [AgencyVacanciesController, AgencyApplicationsController],
})
export class AgencyApiModule {}
