import { Module } from '@nestjs/common';
import { ApplicationsModule } from '../applications/index.js';
import { CandidatesModule } from '../candidates/index.js';
import { IdentityModule } from '../identity/index.js';
import { VacanciesModule } from '../vacancies/index.js';
import { CanaryCandidates } from './canary-candidates.js';
import { CanaryList } from './canary-list.js';
import { CanaryPlanting } from './canary-planting.js';

@Module({
  imports: [IdentityModule, CandidatesModule, VacanciesModule, ApplicationsModule],
  providers: [CanaryCandidates, CanaryList, CanaryPlanting],
  exports: [CanaryCandidates, CanaryList, CanaryPlanting],
})
export class CanariesModule {}
