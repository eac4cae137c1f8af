import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IdentityModule } from '../identity/index.js';
import { SecurityRecordsModule } from '../security-records/index.js';
import { AffectedCandidates } from './impact/affected-candidates.js';
import { Impact } from './impact/impact.js';
import { IncidentRecords } from './incident-records.js';
import { Incidents } from './incidents.js';
import { IncidentEntity } from './persistence/incident.entity.js';

@Module({
  imports: [TypeOrmModule.forFeature([IncidentEntity]), IdentityModule, SecurityRecordsModule],
  providers: [IncidentRecords, Incidents, AffectedCandidates, Impact],
  exports: [IncidentRecords, Incidents, Impact],
})
export class IncidentsModule {}
