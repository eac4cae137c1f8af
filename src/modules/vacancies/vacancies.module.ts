import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AgenciesModule } from '../agencies/index.js';
import { VacancyEntity } from './persistence/vacancy.entity.js';
import { SubmissionObservers } from './submission-observers.js';
import { Vacancies } from './vacancies.js';
import { VacancySearch } from './vacancy-search.js';

@Module({
  imports: [TypeOrmModule.forFeature([VacancyEntity]), AgenciesModule],
  providers: [Vacancies, VacancySearch, SubmissionObservers],
  exports: [Vacancies, VacancySearch, SubmissionObservers],
})
export class VacanciesModule {}
