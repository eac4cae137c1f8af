import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AgenciesModule } from '../agencies/index.js';
import { Closing } from './closing.js';
import { OpenVacancies } from './open-vacancies.js';
import { VacancyEntity } from './persistence/vacancy.entity.js';
import { PublicVacancies } from './public-vacancies.js';
import { SandboxVacancies } from './sandbox-vacancies.js';
import { SubmissionObservers } from './submission-observers.js';
import { Vacancies } from './vacancies.js';
import { VacancyLookup } from './vacancy-lookup.js';

const PARTS = [
  Vacancies,
  VacancyLookup,
  PublicVacancies,
  OpenVacancies,
  SandboxVacancies,
  SubmissionObservers,
  Closing,
];

@Module({
  imports: [TypeOrmModule.forFeature([VacancyEntity]), AgenciesModule],
  providers: PARTS,
  exports: PARTS,
})
export class VacanciesModule {}
