import { Module } from '@nestjs/common';
import { KeptRecords } from './kept-records.js';
import { Readmission } from './readmission.js';
import { RecordResealing } from './resealing.js';
import { StandingRecords } from './standing-records.js';

@Module({
  providers: [StandingRecords, KeptRecords, Readmission, RecordResealing],
  exports: [StandingRecords, KeptRecords],
})
export class SecurityRecordsModule {}
