import { Module } from '@nestjs/common';
import { Readmission } from './readmission.js';
import { RecordResealing } from './resealing.js';
import { StandingRecords } from './standing-records.js';

const RECORDS = [StandingRecords, Readmission, RecordResealing];

@Module({ providers: RECORDS, exports: RECORDS })
export class SecurityRecordsModule {}
