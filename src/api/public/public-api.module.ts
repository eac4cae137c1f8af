import { Module } from '@nestjs/common';
import { VacanciesModule } from '../../modules/vacancies/index.js';
import { LedgerController } from './ledger.controller.js';
import { SecurityContactController } from './security-contact.controller.js';
import { VacanciesController } from './vacancies.controller.js';

@Module({
  imports: [VacanciesModule],
  controllers: [VacanciesController, LedgerController, SecurityContactController],
})
export class PublicApiModule {}
