import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IdentityModule } from '../identity/index.js';
import { PersonalDataModule } from '../personal-data/index.js';
import { ConsentData } from './consents/consent-data.js';
import { Consents } from './consents/consents.js';
import { CandidateErasures } from './erasure/candidate-erasures.js';
import { ErasureWork } from './erasure/erasure-work.js';
import { Erasures } from './erasure/erasures.js';
import { HoldingsCount } from './erasure/holdings-count.js';
import { KeptAnswers } from './erasure/kept-answers.js';
import { PersonalExports } from './export/personal-exports.js';
import { ConsentEntity } from './persistence/consent.entity.js';
import { ErasureEntity } from './persistence/erasure.entity.js';

@Module({
  imports: [TypeOrmModule.forFeature([ErasureEntity, ConsentEntity]), IdentityModule, PersonalDataModule],
  providers: [
    Erasures,
    ErasureWork,
    HoldingsCount,
    CandidateErasures,
    KeptAnswers,
    Consents,
    ConsentData,
    PersonalExports,
  ],
  exports: [Consents, Erasures, ErasureWork, CandidateErasures, PersonalExports],
})
export class PrivacyModule {}
