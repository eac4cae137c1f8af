import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AgenciesModule } from '../agencies/index.js';
import { VacancyEntity } from './persistence/vacancy.entity.js';
import { OpenVacancies } from './open-vacancies.js';
import { PublicVacancies } from './public-vacancies.js';
import { SandboxVacancies } from './sandbox-vacancies.js';
import { SubmissionObservers } from './submission-observers.js';
import { Vacancies } from './vacancies.js';
import { VacancySearch } from './vacancy-search.js';

@Module({
  imports: [TypeOrmModule.forFeature([VacancyEntity]), AgenciesModule],
  providers: [
    Vacancies,
    VacancySearch,
    PublicVacancies,
    OpenVacancies,
    SandboxVacancies,
    SubmissionObservers,
  ],
  exports: [Vacancies, VacancySearch, PublicVacancies, OpenVacancies, SandboxVacancies, SubmissionObservers],
})
export class VacanciesModule {}
