import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApplicationsModule } from '../applications/index.js';
import { CandidatesModule } from '../candidates/index.js';
import { IdentityModule } from '../identity/index.js';
import { VacanciesModule } from '../vacancies/index.js';
import { CanaryLife } from './canary-life.js';
import { CanaryList } from './canary-list.js';
import { CanaryLives } from './canary-lives.js';
import { CanaryOrders } from './canary-orders.js';
import { PlantingEntity } from './persistence/planting.entity.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([PlantingEntity]),
    IdentityModule,
    CandidatesModule,
    VacanciesModule,
    ApplicationsModule,
  ],
  providers: [CanaryLife, CanaryList, CanaryOrders],
  exports: [CanaryLife, CanaryList, CanaryOrders],
})
export class CanariesModule {}

/** For the processes that serve everybody, and for no other. */
@Module({ imports: [CanariesModule], providers: [CanaryLives] })
export class CanaryLivesModule {}
