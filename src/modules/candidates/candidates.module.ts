import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AgenciesModule } from '../agencies/index.js';
import { PersonalDataModule } from '../personal-data/index.js';
import { AccessHistory } from './access-history/access-history.js';
import { DiversityTally } from './diversity/diversity-tally.js';
import { OwnDiversity } from './diversity/own-diversity.js';
import { Entries } from './entries/entries.js';
import { DiversityEntity } from './persistence/diversity.entity.js';
import { EducationEntity, ExperienceEntity, LanguageEntity } from './persistence/entry.entity.js';
import { ProfileEntity } from './persistence/profile.entity.js';
import { AccessData } from './personal-data/access-data.js';
import { ProfileData } from './personal-data/profile-data.js';
import { Profiles } from './profile/profiles.js';
import { ProfileSnapshots } from './submission/profile-snapshots.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([
      ProfileEntity,
      EducationEntity,
      ExperienceEntity,
      LanguageEntity,
      DiversityEntity,
    ]),
    AgenciesModule,
    PersonalDataModule,
  ],
  providers: [
    Profiles,
    Entries,
    OwnDiversity,
    DiversityTally,
    ProfileSnapshots,
    AccessHistory,
    ProfileData,
    AccessData,
  ],
  exports: [Profiles, Entries, OwnDiversity, DiversityTally, ProfileSnapshots, AccessHistory],
})
export class CandidatesModule {}
